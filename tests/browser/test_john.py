"""John's case (activity 4.6.1) entered through the screens as a worker would, and read back from the printed paper.

Every finger counts: `taps` are the taps on links, buttons and keys; typing, and the tap into a box, are not counted.
"""

import io
import re

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from core import clock
from core.db import db, transaction
from models.appointment import Appointment
from models.case import Case
from tests import people
from tests.test_access import build

from .eyes import settled

HISTORY = (
    "Primo colloquio. Sposato, viene da Cipro, due figli: un maschio di 11 anni e una femmina di 8.\n"
    "Per tre anni ha venduto mobili nello stesso negozio, dove andava a piedi ogni mattina. "
    "È stato licenziato: sono passati 12 mesi e non ha ancora un lavoro."
)
WORK = (
    "Il negozio non gli ha dato nessuna formazione, né sulle tecniche di vendita né sull'assistenza ai clienti. "
    "Gli piaceva parlare con le persone e gli piacevano i mobili: lavora il legno per passione, ha una piccola bottega dietro casa."
)
MOOD = "Da sei mesi non cerca lavoro. Dice: «Sono troppo vecchio, non so fare niente». Della bottega invece parla volentieri."
NEEDS = [
    ("Tornare a lavorare dopo 12 mesi", "Lavoro", "Prima di tutto", "Entrambe"),
    ("Credere di nuovo in quello che sa fare", "Competenze", "Prima di tutto", "Lavorare su di sé"),
    ("Imparare tecniche di vendita e assistenza ai clienti", "Formazione", "Importante", "Servizi, imprese, rete"),
]
FACTS = [  # what the paper must say
    "John Kyriakou", "Uomo", "Cipro", "Coniuge o compagno", "11 anni", "8 anni", "Andreas", "Eleni",
    "Per tre anni ha venduto mobili", "andava a piedi ogni mattina", "licenziato", "12 mesi",
    "nessuna formazione", "tecniche di vendita", "assistenza ai clienti", "lavora il legno", "piccola bottega dietro casa",
    "Da sei mesi non cerca lavoro", "Sono troppo vecchio, non so fare niente",
    "Tornare a lavorare dopo 12 mesi", "Credere di nuovo in quello che sa fare", "Prima di tutto",
    "Due candidature alla settimana", "Il legno mi piace", "0 da sei mesi", "2 alla settimana",
    "Fotografare tre mobili fatti in bottega", "Telefonare a due falegnamerie", "Giulia Ferraris",
    "In corso", "Centro per l'impiego", "Guardare insieme le fotografie", "Cooperativa sociale La Spola",
]  # fmt: skip


class Hand:
    """A finger on the tablet: every tap is counted."""

    def __init__(self, page):
        self.page, self.taps = page, 0

    def tap(self, what):
        what.click()
        self.taps += 1

    def link(self, name, **more):
        self.tap(self.page.get_by_role("link", name=name, **more).first)

    def button(self, name, **more):
        self.tap(self.page.get_by_role("button", name=name, **more).first)

    def key(self, group, name):
        keys = self.page.get_by_role("group", name=group)
        self.tap(keys.locator("label.key").filter(has_text=re.compile(f"^{re.escape(name)}$")))

    def menu(self, link):
        """One of the rarer acts, under the three dots."""
        self.tap(self.page.locator(".folder-head summary"))
        self.link(link)

    def type(self, label, text):
        self.page.get_by_label(label, exact=True).and_(self.page.locator("input, textarea")).fill(text)

    def choose(self, label, option):
        self.page.get_by_label(label, exact=True).select_option(label=option)

    def said(self, text):
        """Wait for the message in the foot; returns the taps so far, and begins to count anew."""
        self.page.locator("#flash", has_text=text).wait_for()
        settled(self.page)
        taps, self.taps = self.taps, 0
        return taps


def write_note(hand, text):
    hand.link("Scrivi una nota")
    hand.page.locator("#text").fill(text)
    hand.key("Minuti con la persona", "45")
    hand.button("Salva la nota")
    return hand.said("Nota salvata")


def test_john_is_entered_as_a_worker_would_and_read_back_from_the_paper(enter, live, complaints, app):
    page = enter("giulia")
    hand, today = Hand(page), clock.today()

    # Who he is
    hand.link("Nuova persona")
    hand.type("Nome", "John")
    hand.type("Cognome", "Kyriakou")
    hand.choose("Servizio", "Inserimento lavorativo")
    hand.type("Chi l'ha segnalata", "Centro per l'impiego")
    hand.type("Che cosa chiede", "Un lavoro: è disoccupato da 12 mesi.")
    hand.button("Apri il fascicolo")
    assert hand.said("aperto") == 2
    file = page.url

    hand.link("Persona", exact=True)
    hand.choose("Genere", "Uomo")
    hand.type("Cittadinanza", "Cipro")
    hand.button("Salva l'anagrafica")
    assert hand.said("Anagrafica aggiornata") == 2

    # His family
    hand.link("Persona", exact=True)
    for name, relation, years in (
        ("Maria", "Coniuge o compagno", None),
        ("Andreas", "Figlio o figlia", 11),
        ("Eleni", "Figlio o figlia", 8),
    ):
        hand.link("Aggiungi")
        hand.type("Nome e cognome", f"{name} Kyriakou")
        hand.choose("Che cosa è per la persona", relation)
        if years:
            hand.type("Data di nascita", clock.add_days(today, -365 * years - 100).isoformat())
        hand.button("Aggiungi")
        hand.said("Famiglia aggiornata")
    page.goto(file)

    # The notice on his data, then the assessment
    hand.menu("Accogli…")
    hand.button("Accogli")
    assert hand.said("Caso accolto") == 3
    hand.menu("Avvia la valutazione…")
    hand.button("Avvia la valutazione")
    assert hand.said("Valutazione avviata") == 3

    # What he tells
    for text in (HISTORY, WORK, MOOD):
        assert write_note(hand, text) == 3  # the sheet, the minutes, save
    hand.link("Bisogni e piano")
    for description, category, urgency, direction in NEEDS:
        hand.link("Aggiungi un bisogno")
        hand.type("Di che cosa ha bisogno", description)
        hand.choose("Categoria", category)
        hand.key("Quanto è urgente", urgency)
        hand.key("Da dove può venire l'aiuto", direction)
        hand.button("Salva il bisogno")
        hand.said("isogno")

    # The plan: a draft, a goal that can be seen, who does what, and his agreement
    hand.link("Apri il piano")
    hand.type("A che cosa serve il piano", "Rimettersi in moto da quello che gli piace")
    hand.button("Apri la bozza")
    hand.said("Bozza aperta")
    hand.link("Aggiungi un obiettivo")
    hand.type("Obiettivo", "Due candidature alla settimana")
    hand.type("Con le sue parole", "Il legno mi piace")
    hand.key("Chi lo vuole", "Insieme")
    hand.type("Come si vede", "Candidature mandate")
    hand.type("Da dove si parte", "0 da sei mesi")
    hand.type("Dove si arriva", "2 alla settimana")
    hand.type("Entro quando", clock.add_days(today, 60).isoformat())
    hand.choose("Risponde al bisogno", NEEDS[0][0])
    hand.button("Salva l'obiettivo")
    hand.said("Obiettivo aggiunto")
    for what, who, days in (
        ("Fotografare tre mobili fatti in bottega", "John", 7),
        ("Telefonare a due falegnamerie", "Giulia Ferraris", 14),
    ):
        hand.link("Aggiungi un'azione")
        hand.type("Che cosa si fa", what)
        options = page.get_by_label("Chi se ne occupa").locator("option", has_text=who)
        page.get_by_label("Chi se ne occupa").select_option(value=options.first.get_attribute("value"))
        hand.type("Entro quando", clock.add_days(today, days).isoformat())
        hand.button("Salva l'azione")
        hand.said("Azione aggiunta")
    hand.link("Concorda il piano")
    assert "Manca:" not in page.locator("main").inner_text()  # the goal is complete
    hand.key("Come", "Con firma")
    hand.type("Con chi", "John e la moglie")
    hand.button("Il piano è concordato")
    assert hand.said("la versione 1 ora vale") == 3

    hand.menu("Metti in corso…")
    hand.button("Metti in corso")
    assert hand.said("Caso in corso") == 3

    # The next time
    hand.link("Fissa un appuntamento")
    hand.type("Giorno", clock.add_days(today, 7).isoformat())
    hand.type("Ora", "10:30")
    hand.type("Per che cosa", "Guardare insieme le fotografie")
    hand.button("Fissa l'appuntamento")
    assert hand.said("Appuntamento fissato") == 2

    # The paper
    hand.menu("Stampa la sintesi…")
    page.get_by_label("Con i nomi di altre persone").check()
    hand.button("Prepara la sintesi")
    page.get_by_role("link", name="Scarica il PDF").wait_for()
    on_screen = page.locator("article.a4").inner_text()
    with page.expect_download(timeout=60_000) as waiting:
        hand.link("Scarica il PDF")
    assert hand.taps == 4
    assert re.fullmatch(r"sintesi-\d{4}-\d{4}\.pdf", waiting.value.suggested_filename)
    reader = PdfReader(io.BytesIO(waiting.value.path().read_bytes()))
    paper = " ".join(" ".join(sheet.extract_text() for sheet in reader.pages).split())
    assert [fact for fact in FACTS if fact not in paper] == []
    assert [fact for fact in FACTS if fact not in " ".join(on_screen.split())] == []
    assert complaints == []


@pytest.fixture
def amina(giulia):
    return people.make_case(giulia, state="active", phone="333 0000111")


def test_a_person_is_found_and_her_folder_opened_in_two_taps(enter, live, amina):
    page = enter("giulia")
    hand = Hand(page)
    hand.link("Cerca una persona")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("hadd")
    hand.link("Amina Haddad")
    page.wait_for_url(f"**/cases/{amina}")
    assert hand.taps == 2


def test_called_no_answer_is_two_taps_from_the_list(enter, live, amina):
    page = enter("giulia", "/cases")
    hand = Hand(page)
    hand.tap(page.locator("td.pick label.tick"))
    hand.button("Nessuna risposta")
    page.locator("#flash", has_text="hiamat").wait_for()
    assert hand.taps == 2
    page.goto(f"{live}/cases/{amina}")
    assert page.locator("ol.thread").get_by_text("Chiamata, nessuna risposta").count() == 1


def test_called_no_answer_is_two_taps_from_the_case(enter, live, amina):
    page = enter("giulia", f"/cases/{amina}")
    hand = Hand(page)
    hand.link("Chiama")
    hand.button("Nessuna risposta")
    assert hand.said("Chiamata registrata") == 2
    page.locator("ol.thread", has_text="Chiamata, nessuna risposta").wait_for()


def test_the_person_in_front_of_me_has_a_note_in_two_taps(enter, live, amina, giulia):
    with transaction("write", str(giulia.id)):
        Appointment.book(db.session.get(Case, amina), by=giulia, starts_at=clock.now(), user_id=giulia.id)
        db.session.commit()
    page = enter("giulia")
    hand = Hand(page)
    hand.button("Inizia")
    page.locator("#text").fill("Ha portato la patente.")
    hand.button("Salva la nota")
    assert hand.said("Nota salvata") == 2


def test_the_plan_for_the_person_is_printed_in_three_taps(enter, live, app):
    case = build("open")["case_id"]
    page = enter("giulia", f"/cases/{case}")
    hand = Hand(page)
    hand.link("Bisogni e piano")
    hand.link("Il foglio per Amina")
    with page.expect_download(timeout=60_000) as waiting:
        hand.link("Scarica il PDF")
    assert hand.taps == 3
    assert PdfReader(io.BytesIO(waiting.value.path().read_bytes())).pages


def test_a_case_is_moved_on_the_board_in_three_taps(enter, live, amina):
    page = enter("giulia", "/cases/board")
    hand = Hand(page)
    hand.tap(page.locator(".lane summary").first)
    hand.link("Avvia la chiusura")
    page.get_by_label("Esito").select_option("other")
    page.get_by_label("Com'è andata").fill("Ha trovato da sola.")
    hand.button("Avvia la chiusura")
    assert hand.said("Chiusura proposta") == 3
