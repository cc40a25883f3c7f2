from django.apps import apps
from django.db import models

from standvast.registry.personal.api import (
    Kind,
    Scrub,
    declared,
    impersonal,
    personal,
    register,
    undeclared,
)

REGISTRY = ("organisations", "people", "access")


class TestDeclared:
    def test_every_speaking_field_of_the_registry_says_what_it_holds(self):
        ours = [model for label in REGISTRY for model in apps.get_app_config(label).get_models()]

        assert list(undeclared(ours)) == []

    def test_a_field_that_says_nothing_is_found(self):
        class Silent(models.Model):
            note = models.TextField()
            born_on = models.DateField()
            said = personal(models.TextField(), Kind.FREE_TEXT, Scrub.EMPTY)
            code = impersonal(models.CharField(max_length=8), "a public register")
            size = models.CharField(max_length=1, choices=[("s", "small")])
            at = models.DateTimeField()

            class Meta:
                app_label = "people"
                managed = False

        try:
            assert list(undeclared([Silent])) == ["people.Silent.note", "people.Silent.born_on"]
        finally:
            del apps.all_models["people"]["silent"]
            apps.clear_cache()

    def test_says_kind_and_scrub(self):
        field = apps.get_model("people.Person")._meta.get_field("email")

        said = declared(field)

        assert (said.kind, said.scrub) == (Kind.CONTACT, Scrub.EXAMPLE_ADDRESS)


class TestRegister:
    def test_lists_every_personal_field_once(self):
        lines = register()

        named = [(line.model, line.field) for line in lines]
        assert len(named) == len(set(named))
        assert {
            ("people.Person", "username"),
            ("people.Person", "email"),
            ("people.Person", "display_name"),
            ("people.Person", "password"),
            ("access.Invitation", "email"),
            ("organisations.Organisation", "email"),
        } <= set(named)
