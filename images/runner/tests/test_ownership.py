import os
import tempfile
import unittest
from types import SimpleNamespace
from unittest.mock import patch

from wsgi_dev_runner import ownership


def stat_of(uid, gid, mode=0o100640):
    return SimpleNamespace(st_uid=uid, st_gid=gid, st_mode=mode)


class Whose(unittest.TestCase):
    def told(self, found, error=None):
        """What is said of a file that `found` describes."""
        error = error or PermissionError(13, "Permission denied", "/var/lib/shop/key")
        user = SimpleNamespace(pw_name="shop", pw_uid=104, pw_gid=112)
        # The file may have been made with another group.
        with (
            patch.object(ownership.os, "stat", lambda _path: found),
            patch.object(ownership.pwd, "getpwall", lambda: [user]),
            patch.object(ownership.pwd, "getpwuid", lambda _uid: user),
            patch.object(ownership.os, "geteuid", lambda: 1234),
            patch.object(ownership.os, "getegid", lambda: 1235),
        ):
            return ownership.whose(error)

    def test_its_owner_is_named_with_the_option(self):
        self.assertEqual(
            "/var/lib/shop/key belongs to shop, and this runs as 1234:1235: `--user 104:112` runs it as that user",
            self.told(stat_of(104, 0)),
        )

    def test_of_a_file_of_roots_the_user_whose_group_may(self):
        with patch.object(ownership.grp, "getgrgid", lambda _gid: SimpleNamespace(gr_name="shop")):
            self.assertIn(
                "root and the group shop, and this runs as 1234:1235: `--user 104:112`", self.told(stat_of(0, 112))
            )

    def test_nothing_where_no_other_user_helps(self):
        self.assertEqual("", self.told(stat_of(0, 0, 0o100600)))
        self.assertEqual("", self.told(stat_of(0, 112, 0o100644)))
        self.assertEqual("", self.told(stat_of(1234, 1235)))
        self.assertEqual("", self.told(stat_of(104, 112), FileNotFoundError(2, "No such file", "/var/lib/shop/key")))
        self.assertEqual("", self.told(stat_of(104, 112), PermissionError("not of a file")))

    def test_what_it_comes_from_counts(self):
        try:
            try:
                raise PermissionError(13, "Permission denied", b"/var/lib/shop/key")
            except PermissionError as cause:
                raise RuntimeError("no key") from cause
        except RuntimeError as error:
            self.assertIn("--user 104:112", self.told(stat_of(104, 112), error))

    def test_a_directory_that_is_closed_and_a_file_to_be_made_there(self):
        with tempfile.TemporaryDirectory() as directory:
            self.assertEqual(directory, ownership._denying(os.path.join(directory, "not", "there")))

            def stat(path, real=os.stat):
                if path.startswith(directory + os.sep):
                    raise PermissionError(13, "Permission denied", path)
                return real(path)

            with patch.object(ownership.os, "stat", stat):
                self.assertEqual(directory, ownership._denying(os.path.join(directory, "key")))


if __name__ == "__main__":
    unittest.main()
