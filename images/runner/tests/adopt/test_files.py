import os
import tempfile
import unittest
from unittest.mock import patch

from wsgi_dev_runner.adopt import files
from wsgi_dev_runner.adopt.asking import _complaint
from wsgi_dev_runner.adopt.paths import Paths
from wsgi_dev_runner.adopt.said import Said
from wsgi_dev_runner.adopt.variables import resolved, values


class Copied(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.top = os.path.join(directory.name, "etc")
        self.copies = os.path.join(directory.name, "copy")
        patched = patch.object(files, "COPY", self.copies)
        patched.start()
        self.addCleanup(patched.stop)

    def copy(self, main, texts=None, paths=None):
        for name, text in {"site.conf": main, **(texts or {})}.items():
            path = os.path.join(self.top, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        found = files.find(os.path.join(self.top, "site.conf"))
        return files.copy(found, Paths(paths or {}, self.top), True)

    def line(self, copied, start):
        (text,) = (one for one in copied.texts.values() if "nclude" in one)
        return next(line for line in text.split("\n") if line.lower().lstrip("# ").startswith(start))

    def test_an_include_by_a_variable_leads_into_the_copy(self):
        common = {"extra/common.conf": "SetEnv A b\n"}
        copy = f"include {self.copies}/extra/common.conf"
        rows = [
            (f"Define CONF {self.top}\nInclude ${{CONF}}/extra/common.conf", copy),
            ("Define CONF /srv/shop\nInclude ${CONF}/extra/common.conf", copy),
            ('Define TOP "/srv"\nDefine CONF ${TOP}/shop\nInclude "${CONF}/extra/*.conf"', copy.replace("common", "*")),
            ('Define SRVROOT "/opt/apache"\nServerRoot "${SRVROOT}"\nInclude "${SRVROOT}/extra/common.conf"', copy),
            ("IncludeOptional ${CONF_HERE}/common.conf", copy.replace("include", "includeoptional")),
        ]
        for text, expected in rows:
            with self.subTest(text), patch.dict(os.environ, {"CONF_HERE": "extra"}):
                self.assertEqual(expected, self.line(self.copy(text, common, {"/srv/shop": self.top}), "include"))

    def test_another_site_may_define_it_otherwise(self):
        texts = {"extra/common.conf": "SetEnv A b\n", "other.conf": "Define CONF /srv/other\n"}
        copied = self.copy("Define CONF /srv/shop\nInclude ${CONF}/extra/common.conf", texts, {"/srv/shop": self.top})
        self.assertEqual(f"include {self.copies}/extra/common.conf", self.line(copied, "include"))

    def test_one_that_is_not_there_is_told(self):
        copied = self.copy("Define CONF /srv/shop\nInclude ${CONF}/gone.conf\n")
        self.assertIn("UnsetEnv @ Include ${CONF}/gone.conf", self.line(copied, "unsetenv"))

    def test_modules_that_it_asks_for(self):
        copied = self.copy(
            "<IfModule mod_expires.c>\n</IfModule>\n<IfModule !mod_rewrite.c>\nError rewrite\n</IfModule>\n"
            '<IfModule "!ssl_module">\n</IfModule>\n'
        )
        self.assertEqual(["expires", "rewrite", "ssl"], copied.asked)

    def test_the_root_of_the_server_by_a_variable(self):
        copied = self.copy('Define SRVROOT "/opt/apache"\nServerRoot "${SRVROOT}"\nInclude a.conf\n')
        self.assertEqual("/opt/apache", copied.server_root)


class Variables(unittest.TestCase):
    def test_values(self):
        known = values(
            ["Define A a\n define B ${A}/b \n", 'Define C "1"\nDefine C 2\nDefine D\n'], {"A": "x", "E": "e"}
        )
        self.assertEqual({"A": "a", "B": "${A}/b", "E": "e"}, known)
        self.assertEqual({"A": "b"}, values(["Define A b"], {"A": "a"}))
        self.assertEqual("a/b:${C}:${D}:e", resolved("${B}:${C}:${D}:${E}", known))
        self.assertEqual("${X}", resolved("${X}", {"X": "${X}"}))


class Complaints(unittest.TestCase):
    def test_what_is_wrong_stands_before_the_end(self):
        where = "Cannot access directory '/var/log/shop/' for main error log"
        rows = [
            ("AH00558: no name\nAH00526: apache2: no MPM loaded\n", "apache2: no MPM loaded"),
            (f"(2)No such file or directory: AH02291: {where}\nAH00014: Configuration check failed\n", where),
            (f"[Mon Nov 23] [core:error] [pid 7] AH02291: {where}\nAH00014: Configuration check failed\n", where),
        ]
        for text, expected in rows:
            with self.subTest(text):
                error = str(_complaint(Said("/app/site.conf", "site.conf"), text))
                self.assertTrue(error.startswith("site.conf: ") and error.endswith(expected), error)
                self.assertNotIn("AH0", error)


if __name__ == "__main__":
    unittest.main()
