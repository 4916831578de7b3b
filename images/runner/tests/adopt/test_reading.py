import unittest

from wsgi_dev_runner.adopt.copy import told
from wsgi_dev_runner.adopt.dump import Directive, directive, read_dump
from wsgi_dev_runner.adopt.words import join, split

DUMP = """\
# In file: /c/site.conf
#   2:
UnsetEnv @ <VirtualHost *:80>
#   3:
UnsetEnv @ LogFormat "%h  \\"%r\\"" short
<Location /x>
  #   5:
  UnsetEnv @ Require all granted
</Location>
# In file: /c/more.inc
#   1:
SetEnv A "b c"
# In file: macro 'vh' (defined on line 21 of "/c/site.conf") used on line 25 of "/c/site.conf"
#   1:
UnsetEnv @ </VirtualHost>
Loaded Modules:
 core_module (static)
 ssl_module (shared)
"""


class Dump(unittest.TestCase):
    def test_told_and_obeyed_directives_with_their_places(self):
        directives, modules = read_dump(DUMP)
        self.assertEqual(["ssl_module"], modules)
        self.assertEqual(
            [
                Directive("<VirtualHost", "*:80", "/c/site.conf", 2),
                Directive("LogFormat", '"%h  \\"%r\\"" short', "/c/site.conf", 3),
                Directive("<Location", "/x", "/c/site.conf", 3),
                Directive("Require", "all granted", "/c/site.conf", 5),
                Directive("</Location", "", "/c/site.conf", 5),
                Directive("SetEnv", 'A "b c"', "/c/more.inc", 1),
                Directive("</VirtualHost", "", "/c/site.conf", 22),
            ],
            directives,
        )

    def test_a_directive_says_itself_again(self):
        for line in ("Listen 80", "<VirtualHost *:80>", "</VirtualHost>", "SSLEngine", "<If \"%{HTTP_HOST} == 'a'\">"):
            self.assertEqual(line, directive(line, "", 1).text())


class Copy(unittest.TestCase):
    def test_each_directive_is_told_on_the_line_it_begins(self):
        rows = [
            ("Listen 80", "UnsetEnv @ Listen 80"),
            ("# Listen 80", ""),
            ("  <VirtualHost *:80>", "UnsetEnv @ <VirtualHost *:80>"),
            ("</VirtualHost>", "UnsetEnv @ </VirtualHost>"),
            ("<IfModule ssl_module>", "<IfModule ssl_module>"),
            ("  </IfModule>", "</IfModule>"),
            ("Define A b", "obeyed define A b"),
            ("Include a.conf", "UnsetEnv @ Include a.conf"),
            ("A b \\\n  c\nD e", "UnsetEnv @ A b   c\n\nUnsetEnv @ D e"),
            ("# a \\\n b\nD e", "\n\nUnsetEnv @ D e"),
            ("A b\\", "UnsetEnv @ A b"),
            ("\xc2\xa0\xc2\xa0Listen 80\r", "UnsetEnv @ Listen 80"),
            ("<", "UnsetEnv @ <"),
            ("", ""),
        ]

        def obey(name, args):
            return None if name == "include" else f"obeyed {name} {args}"

        for text, expected in rows:
            with self.subTest(text):
                self.assertEqual(expected, told(text, obey))


class Words(unittest.TestCase):
    def test_quotes(self):
        rows = [
            ('a  b "c d"', ["a", "b", "c d"]),
            ("python-path='/a b:/c' x", ["python-path=/a b:/c", "x"]),
            ('"a \\"b\\" c"', ['a "b" c']),
            ("/ '/srv/my app/x.wsgi'", ["/", "/srv/my app/x.wsgi"]),
            ('unbalanced "quote', ["unbalanced", '"quote']),
            ("", []),
        ]
        for text, expected in rows:
            with self.subTest(text):
                self.assertEqual(expected, split(text))

    def test_what_is_joined_is_read_back(self):
        for words in (["a", "b c"], ['q"', "b\\c"], ["<x>", ""]):
            self.assertEqual(words, split(join(words)))


if __name__ == "__main__":
    unittest.main()
