from django.db import migrations, models

BOOKS = {
    "Ursula K. Le Guin": ["The Dispossessed", "The Lathe of Heaven"],
    "Stanisław Lem": ["Solaris", "The Cyberiad"],
    "Octavia E. Butler": ["Kindred"],
}


def fill(apps, _schema_editor):
    author, book = apps.get_model("library", "Author"), apps.get_model("library", "Book")
    for name, titles in BOOKS.items():
        one = author.objects.create(name=name)
        book.objects.bulk_create(book(title=title, author=one) for title in titles)


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Author",
            [("id", models.AutoField(primary_key=True)), ("name", models.CharField(max_length=100))],
        ),
        migrations.CreateModel(
            "Book",
            [
                ("id", models.AutoField(primary_key=True)),
                ("title", models.CharField(max_length=100)),
                ("author", models.ForeignKey("library.Author", models.CASCADE)),
            ],
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
