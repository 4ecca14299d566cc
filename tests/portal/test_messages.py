from django.utils.translation.trans_real import DjangoTranslation, translation

from portal import messages


class Catalogue:
    def __init__(self):
        self.asked = []

    def ask(self, message):
        self.asked.append(message)
        return message.upper()


def test_a_sentence_is_looked_for_once():
    catalogue = Catalogue()
    gettext = messages._remembering(Catalogue.ask)
    assert [gettext(catalogue, "una"), gettext(catalogue, "una"), gettext(catalogue, "otra")] == [
        "UNA", "UNA", "OTRA",
    ]  # fmt: skip
    assert catalogue.asked == ["una", "otra"]


def test_it_remembers_no_more_than_it_may(monkeypatch):
    monkeypatch.setattr(messages, "MOST", 1)
    catalogue = Catalogue()
    gettext = messages._remembering(Catalogue.ask)
    for message in ("una", "otra", "otra"):
        assert gettext(catalogue, message) == message.upper()
    assert catalogue.asked == ["una", "otra", "otra"]


def test_a_second_call_changes_nothing():
    before = DjangoTranslation.gettext
    messages.remember_answers()
    assert DjangoTranslation.gettext is before
    assert translation("es-co").gettext("Frase que nadie tradujo") == "Frase que nadie tradujo"
