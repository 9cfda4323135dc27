"""The people of the demonstration cooperative. Nobody here exists: names, numbers, firms and words are made up.

Days count backwards from the day the demonstration is loaded (30 = thirty days ago); what is promised counts forwards.
"""

from dataclasses import dataclass, field

KINDS = {
    "C": "interview",
    "T": "phone",
    "V": "visit",
    "M": "message",
    "A": "accompaniment",
    "R": "meeting",
    "O": "other",
}


@dataclass
class Story:
    """A person with one case. `moves` overrides on which day (ago) the case entered a state."""

    first: str
    last: str
    holder: str | None
    opened: int
    state: str
    who: dict = field(default_factory=dict)  # columns of Person
    service: str = "Inserimento lavorativo"
    team: str = "Città"
    case: dict = field(default_factory=dict)  # columns of Case
    before: tuple | None = None  # (earlier holder, day of the change, reason)
    moves: dict = field(default_factory=dict)
    needs: list = field(default_factory=list)  # (category, priority, direction, text)
    plans: list = field(default_factory=list)  # PlanStory
    notes: list = field(default_factory=list)  # (day ago, kind letter, minutes, text, {more})
    todos: list = field(default_factory=list)  # (day ahead, what)
    meetings: list = field(default_factory=list)  # (day ahead, "9:30", kind letter, minutes, {more})
    now: tuple | None = None  # today: (minutes from now, kind letter, minutes, what became of it, {more})
    ending: tuple | None = None  # (outcome, closing note, by)
    until: int | None = None  # suspended: days ahead
    household: list = field(default_factory=list)
    team_of_care: list = field(default_factory=list)


@dataclass
class PlanStory:
    """A version of the plan, agreed `day` days ago, to be checked `review` days ahead."""

    day: int
    purpose: str
    goals: list  # (title, own words, wanted by, indicator, from, to, due in days, [(what, owner, due in, state)])
    review: int | None = 60
    how: str = "signature"
    reason: str | None = None
    agreed_with: str | None = None


# fmt: off
AMINA_WORK = (
    "Lavorare in cucina, 20 ore la settimana",
    "Voglio un lavoro pulito, dove si cucina, e tornare quando escono da scuola", "both",
    "ore di lavoro a contratto", "0", "20", 128,
    [
        ("Preparare il curriculum", "me", -52, "done"),
        ("Tre lettere a mense e cucine", "lei", -34, "done"),
        ("Corso HACCP, 6 ore", "lei", 16, "open"),
        ("Tirocinio alla mensa Il Convivio", "marco", 45, "open"),
    ],
)
# fmt: on

# fmt: off
STORIES = [
    Story(
        "Amina", "Haddad", "giulia", 265, "active",
        who={
            "gender": "f", "born_on": "1992-03-14", "birth_place": "Fès", "citizenship": "Marocco",
            "tax_code": "HDDMNA92C54Z330H", "permit_kind": "family", "permit_expires_on": 210,
            "residence": "Via dei Filergi 14", "residence_town": "Forlì", "languages": "arabo, francese, italiano",
            "italian": "good", "phone": "+39 333 0000142", "may_leave_message": True,
            "contact_note": "Meglio dopo le 9, quando i bambini sono a scuola",
        },
        case={
            "source": "Comune di Forlì, servizio sociale",
            "request": "Un lavoro con orari compatibili con la scuola dei figli. Ha fatto pulizie la sera, non riesce più.",
            "to_know": "Nessuno può stare coi bambini dopo le 18: niente turni serali", "priority": 1,
        },
        before=("sara", 173, "Sara passa ai casi dello sportello casa"),
        needs=[
            ("mobility", 1, "both", "Patente B, per arrivare ai turni delle 6"),
            ("care", 1, "outer", "Custodia dei figli dopo le 16"),
            ("language", 3, "inner", "Italiano scritto per il lavoro"),
        ],
        household=[("Yassine", "child", "2016-05-02"), ("Salma", "child", "2019-01-20")],
        team_of_care=[("marco", None, "accompagna in azienda"), (None, "Fatima El Amrani", "mediatrice linguistica")],
        plans=[
            PlanStory(
                235, "Tornare a lavorare senza lasciare soli i bambini",
                [
                    (
                        "Un lavoro di pulizie in orario di scuola", "Mi va bene anche pulire, ma di giorno", "both",
                        "ore di lavoro a contratto", "0", "16", -60,
                        [
                            ("Aggiornare la DID al CPI", "lei", -220, "done"),
                            ("Cercare imprese di pulizie con turni dalle 8 alle 14", "sara", -200, "done"),
                        ],
                    ),
                ],
                review=-140, how="spoken",
            ),
            PlanStory(
                90, "Un lavoro in cucina e la patente per arrivarci",
                [
                    AMINA_WORK,
                    (
                        "Prendere la patente B", "Questa volta la finisco", "person", "esami superati", "0 di 2",
                        "2 di 2", 219,
                        [
                            ("Iscriversi alla scuola guida", "lei", 7, "open"),
                            ("Chiedere le rate al Comune", "me", 22, "open"),
                        ],
                    ),
                ],
                review=0,
                reason="Aggiunto l'obiettivo patente. Tolto l'orario serale: nessuno può stare coi bambini dopo le 18.",
            ),
        ],
        notes=[
            (
                262, "C", 50,
                "Primo colloquio. Viene con l'assistente sociale. Separata da un anno, due bambini, affitto 480 euro. Ha lavorato tre anni in un'impresa di pulizie, sempre dalle 18 alle 21. «Di sera non posso più, i bambini sono piccoli».",
                {"by": "sara", "with": "Assistente sociale del Comune"},
            ),
            (
                228, "T", 10,
                "Il CPI conferma la DID. La mandano al corso di italiano A2 del mattino, comincia a marzo.",
                {"by": "sara"},
            ),
            (
                187, "C", 40,
                "Ha portato il contratto vecchio della pulizia uffici. Mancano due buste paga: le scriviamo insieme una richiesta. Racconta che sa cucinare per tante persone.",
                {"by": "sara"},
            ),
            (
                169, "C", 45,
                "Ci siamo conosciute. Ha voglia di cambiare: parla della cucina, non delle pulizie. Ha cucinato due anni per la mensa della scuola coranica, sessanta coperti. Nessun documento che lo dica.",
                {
                    "private": "Molto preoccupata per l'affidamento: l'udienza è a settembre. Non lo vuole nel diario che si stampa.",
                },
            ),
            (
                118, "A", 90,
                "Visita alla mensa Il Convivio. La cuoca le ha fatto vedere la linea fredda. Amina ha chiesto degli allergeni e di come si tengono le temperature: sapeva già molto.",
                {"travel": 30},
            ),
            (
                76, "C", 40,
                "Firmato il piano nuovo. Le tre lettere le scrive lei, io correggo soltanto. Per la patente ha già il foglio rosa scaduto: «Questa volta la finisco».",
                {},
            ),
            (
                34, "C", 40,
                "Ha portato le tre lettere. Una risposta dalla mensa: la chiamano per una prova a gennaio se ha l'HACCP.",
                {"by": "marco"},
            ),
            (
                12, "O", 15,
                "Iscritta al corso HACCP di sei ore, fra due settimane. Il modulo l'ha compilato da sola.", {},
            ),
            (
                7, "T", 10,
                "La scuola guida conferma il posto nel corso serale di gennaio. Costa 380 euro: chiede se può pagare in tre volte. «Questa volta la finisco».",
                {},
            ),
        ],
        todos=[(9, "Chiedere alla scuola guida le tre rate")],
        now=(
            33, "C", 45, None,
            {"place": "Stanza piccola", "with_whom": "Fatima, mediatrice", "purpose": "Verifica del piano"},
        ),
        meetings=[
            (10, "9:30", "A", 90, {"place": "Mensa Il Convivio", "purpose": "Visita alla cucina", "user": "marco"}),
        ],
    ),
    Story(
        "Samuel", "Osei", "giulia", 24, "assessing",
        who={
            "gender": "m", "born_on": "1999-02-08", "citizenship": "Ghana", "birth_place": "Kumasi",
            "permit_kind": "asylum", "permit_expires_on": 48, "domicile": "Via Ravegnana 210",
            "domicile_town": "Forlì", "languages": "inglese, twi", "italian": "fair", "mediator_language": "inglese",
            "phone": "333 0000171",
        },
        case={
            "source": "Centro di accoglienza",
            "request": "Vuole lavorare subito, qualunque cosa. Ha fatto il saldatore.",
        },
        needs=[
            ("documents", 1, "outer", "Rinnovo del permesso, scade fra un mese e mezzo"),
            ("language", 1, "both", "Italiano orale per la sicurezza sul lavoro"),
        ],
        notes=[
            (
                21, "C", 45,
                "Accolto. Saldatore per quattro anni a Kumasi, due in Libia. Mostra le foto dei lavori sul telefono: cancelli, un rimorchio. Capisce bene, risponde in inglese.",
                {"with": "Operatrice del centro"},
            ),
            (
                14, "C", 40,
                "Prova di lettura di un disegno semplice: a posto. La parola «quota» non la conosceva, l'ha segnata. Chiede se il patentino europeo si può fare senza diploma.",
                {},
            ),
        ],
        now=(-12, "C", 45, "waiting", {"place": "Sala colloqui 2", "purpose": "Bilancio delle competenze"}),
        todos=[(4, "Sentire l'avvocato del centro per il rinnovo del permesso")],
    ),
    Story(
        "Ion", "Munteanu", "giulia", 190, "active",
        who={
            "gender": "m", "born_on": "1985-06-30", "citizenship": "Romania", "residence": "Via Campo di Marte 61",
            "residence_town": "Forlì", "italian": "good", "languages": "rumeno, italiano", "phone": "333 0000131",
        },
        case={
            "source": "Si è presentato da solo",
            "request": "Muratore, schiena rovinata. Cerca un lavoro senza pesi.",
            "to_know": "Limite di 10 kg scritto dal medico del lavoro",
        },
        needs=[
            ("health", 1, "outer", "Domanda di invalidità mai fatta"),
            ("training", 2, "both", "Un mestiere nuovo: gli piacciono i computer da aggiustare"),
        ],
        plans=[
            PlanStory(
                150, "Un lavoro che la schiena regge",
                [
                    (
                        "Iscrizione al collocamento mirato", "Non voglio la pensione, voglio lavorare seduto",
                        "both", "iscrizione fatta", "no", "sì", -20,
                        [
                            ("Visita della commissione medica", "lei", -60, "done"),
                            ("Portare il verbale al CPI", "me", -12, "done"),
                            ("Primo colloquio al collocamento mirato", "lei", 30, "open"),
                        ],
                    ),
                    (
                        "Finire il corso di magazziniere con il muletto", "Il muletto va bene, si sta seduti",
                        "person", "ore frequentate", "0", "80", 60,
                        [("Iscriversi al corso serale", "lei", -90, "done")],
                    ),
                ],
                review=30,
            ),
        ],
        notes=[
            (
                186, "C", 50,
                "Ventidue anni di cantiere, ernia operata due volte. È venuto in bicicletta, non può guidare a lungo. Parla piano e tiene tutti i fogli in ordine in una cartellina.",
                {},
            ),
            (
                141, "R", 60,
                "Incontro con il patronato per la domanda di invalidità. Mancava la cartella del primo intervento: l'ospedale la dà in trenta giorni.",
                {"with": "Patronato", "coord": 30},
            ),
            (
                88, "C", 35,
                "Visita fatta. La commissione è stata gentile ma veloce. Nell'attesa ha cominciato il corso del muletto: «Sono il più vecchio, ma il più puntuale».",
                {},
            ),
            (40, "T", 10, "Arrivato il verbale: 50 per cento. Possiamo iscriverlo al collocamento mirato.", {}),
            (12, "M", 10, "Mandata la documentazione al CPI. Nessuna risposta per ora.", {"coord": 15}),
        ],
        todos=[(-3, "Sollecitare il CPI: non ha risposto all'invio")],
        meetings=[(6, "15:00", "C", 40, {"place": "Sala colloqui 1"})],
    ),
    Story(
        "Mirko", "Zanetti", "giulia", 410, "active",
        who={
            "gender": "m", "born_on": "1995-04-11", "citizenship": "Italia", "residence": "Via Bertini 8",
            "residence_town": "Forlimpopoli", "phone": "333 0000210",
        },
        case={"source": "UEPE", "request": "Un lavoro stabile: l'altro è finito con la stagione.", "priority": 1},
        moves={"closing": 156, "closed": 150, "reopened": 62, "again": 45},
        ending=("fixed_short", "Assunto in magazzino fino a fine stagione. Sa che può tornare.", "giulia"),
        needs=[
            ("work", 1, "outer", "Un contratto oltre la stagione"),
            ("money", 2, "both", "Rate arretrate della macchina"),
        ],
        plans=[
            PlanStory(
                370, "Un primo contratto",
                [
                    (
                        "Lavorare in magazzino", "Basta che comincio", "person", "mesi di contratto", "0", "4", -160,
                        [("Curriculum e due colloqui", "lei", -350, "done")],
                    ),
                ],
                review=-250,
            ),
            PlanStory(
                50, "Restare oltre la stagione",
                [
                    (
                        "Un anno intero nello stesso posto", "Un anno di fila non l'ho mai fatto", "both",
                        "mesi di contratto", "0", "12", 300,
                        [
                            ("Prova da Frutteti Romagna", "lei", 3, "open"),
                            ("Rifare il curriculum con i mesi vuoti", "me", -19, "done"),
                        ],
                    ),
                ],
                review=70,
                reason="Il primo contratto è finito a giugno: si riparte dalla durata.",
            ),
        ],
        notes=[
            (
                405, "C", 45,
                "Ha chiuso la misura alternativa a marzo. Vuole che nessuno lo sappia in azienda. Sa guidare tutto: furgone, muletto, trattore.",
                {},
            ),
            (
                330, "C", 30,
                "Assunto in magazzino, contratto di quattro mesi. Gli abbiamo spiegato la busta paga riga per riga.",
                {},
            ),
            (158, "T", 10, "Finita la stagione. Il capo lo riprenderebbe ma non sa quando.", {}),
            (
                60, "C", 40,
                "È tornato lui. Tre mesi di lavoretti in nero da un cugino, poi basta. «Voglio una cosa regolare».",
                {},
            ),
            (
                19, "C", 30,
                "Preparato il colloquio con Frutteti Romagna: raccontare i mesi vuoti senza inventare. Provato due volte, la seconda benissimo.",
                {},
            ),
            (
                3, "T", 5,
                "Frutteti Romagna lo prova giovedì mattina alle 7. Ci va con la bici elettrica di sua sorella.", {},
            ),
        ],
        todos=[(0, "Mandare il curriculum a Frutteti Romagna"), (8, "Chiamare Frutteti Romagna dopo la prova")],
        meetings=[(3, "7:00", "A", 60, {"place": "Frutteti Romagna, cancello B", "purpose": "Giornata di prova"})],
    ),
    Story(
        "Chiara", "Vitali", "giulia", 17, "received",
        who={
            "gender": "f", "born_on": "2003-07-19", "citizenship": "Italia", "residence": "Viale Risorgimento 3",
            "residence_town": "Forlì", "phone": "333 0000167", "email": "chiara.vitali@example.org",
        },
        case={
            "source": "Scuola, coordinatrice di classe",
            "request": "Ha lasciato l'istituto alberghiero in quinta. Vorrebbe lavorare coi cani.",
        },
        notes=[
            (
                13, "T", 15,
                "Prima telefonata. Parla svelto e ride: «Basta che non sia un ufficio». Le manca un solo esame integrativo per il diploma.",
                {},
            ),
            (
                0, "C", 40,
                "Ha portato il libretto delle assenze. A scuola stava bene in laboratorio e male in aula. Conosce già il canile di via Bassette, ci va il sabato come volontaria.",
                {"appointment": True},
            ),
        ],
        now=(-95, "C", 40, "note", {"place": "Sala colloqui 2"}),
        meetings=[(8, "9:00", "C", 45, {"place": "Sala colloqui 2"})],
    ),
    Story(
        "Luca", "Bertolini", "giulia", 11, "reported",
        who={
            "gender": "m", "born_on": "2007-01-25", "citizenship": "Italia", "residence_town": "Bertinoro",
            "phone": "333 0000175", "contact_note": "Risponde solo ai messaggi",
        },
        case={"source": "Consultorio giovani", "request": "Non studia e non lavora da un anno. Lo manda la madre."},
        now=(-50, "C", 30, "no_show", {"place": "Sala colloqui 1", "purpose": "Primo contatto"}),
        todos=[(3, "Riprovare con un messaggio, non con la chiamata")],
    ),
    Story(
        "Teresa", "Gallo", "sara", 300, "active",
        who={
            "gender": "f", "born_on": "1977-09-03", "citizenship": "Italia", "residence": "Via Oriani 22",
            "residence_town": "Forlì", "phone": "0543 000098", "may_write": False,
        },
        case={
            "source": "Centro antiviolenza", "request": "Una casa sua e un lavoro. Vive da un'amica.",
            "confidential": True,
            "to_know": "Non lasciare messaggi in segreteria e non scrivere: il telefono può essere letto",
            "priority": 1,
        },
        needs=[
            ("housing", 1, "outer", "Un alloggio dove il marito non la conosce"),
            ("work", 2, "both", "Riprendere il lavoro di sarta"),
        ],
        plans=[
            PlanStory(
                240, "Una porta che chiude lei",
                [
                    (
                        "Un contratto d'affitto a suo nome", "Una porta che chiudo io", "person",
                        "contratto firmato", "no", "sì", 50,
                        [
                            ("Domanda di casa popolare", "lei", -200, "done"),
                            ("Garanzia della cooperativa sul deposito", "elena", 10, "open"),
                        ],
                    ),
                ],
                review=15, how="minutes", agreed_with="Operatrice del centro antiviolenza",
            ),
        ],
        team_of_care=[("giulia", None, "la segue quando Sara è via")],
        notes=[
            (
                296, "C", 60,
                "Colloquio nella sede del centro. Ha lavorato in sartoria per vent'anni, poi lui non ha più voluto. Conosce le macchine industriali.",
                {
                    "private": "Denuncia presentata a maggio, misura di allontanamento fino a marzo.",
                    "with": "Operatrice del centro", "travel": 30,
                },
            ),
            (
                210, "C", 45,
                "Visitati due monolocali. Il secondo va bene, ma chiedono tre mensilità. Le servirebbe una garanzia.",
                {"travel": 40},
            ),
            (
                122, "A", 80,
                "Accompagnata in Comune per la residenza fittizia. Lo sportello non conosceva la procedura: abbiamo aspettato la responsabile.",
                {"travel": 20},
            ),
            (
                51, "C", 40,
                "La sartoria teatrale le dà tre pomeriggi a prova. Torna a casa con le mani piene di gesso, contenta.",
                {},
            ),
            (
                5, "T", 15,
                "Tutto bene in sartoria. Chiede della garanzia per il deposito: «Se perdo questa, non ne trovo un'altra».",
                {"by": "giulia"},
            ),
        ],
        now=(345, "T", 15, None, {"user": "giulia", "purpose": "Come va la prova in sartoria"}),
        todos=[(2, "Preparare la lettera di garanzia per il proprietario", "sara")],
    ),
    Story(
        "Nadia", "Kovalenko", "giulia", 96, "active",
        who={
            "gender": "f", "born_on": "1981-11-02", "citizenship": "Ucraina", "birth_place": "Leopoli",
            "permit_kind": "refugee", "permit_expires_on": 120, "domicile": "Via Pelacano 5",
            "domicile_town": "Forlì", "languages": "ucraino, russo, italiano", "italian": "fair",
            "phone": "333 0000119",
        },
        case={"source": "Parrocchia", "request": "Contabile a Leopoli. Qui pulisce camere d'albergo."},
        moves={"active": 50}, plans=[],
        needs=[
            ("training", 1, "outer", "Riconoscimento del diploma di ragioneria"),
            ("language", 2, "inner", "Italiano B1"),
        ],
        notes=[
            (
                92, "C", 50,
                "Diploma e dieci anni in uno studio di contabilità. Ha la copia autentica, manca l'apostille. D'inverno l'albergo chiude e resta senza niente.",
                {},
            ),
            (
                50, "T", 10,
                "L'albergo chiude prima del previsto. Attivato subito l'aiuto per la spesa, il piano lo scriviamo dopo.",
                {},
            ),
            (
                33, "C", 35,
                "Ha fatto la prova di italiano: B1 per un punto no. Si è messa a ridere, poi a piangere. Si reiscrive.",
                {},
            ),
            (9, "M", 5, "Manda la foto dell'apostille arrivata da Leopoli.", {}),
        ],
    ),
    Story(
        "Paolo", "Serra", "giulia", 220, "suspended",
        who={
            "gender": "m", "born_on": "1989-05-17", "citizenship": "Italia", "residence": "Corso Mazzini 90",
            "residence_town": "Forlì", "phone": "333 0000064",
        },
        case={"source": "SerD", "request": "Ricominciare, un passo alla volta."},
        until=53, moves={"suspended": 30},
        plans=[
            PlanStory(
                180, "Una settimana piena",
                [
                    (
                        "Tirocinio di inclusione, quattro mattine", "Le mattine sono il momento peggiore", "both",
                        "mattine alla settimana", "0", "4", 20, [("Visita al vivaio", "me", -150, "done")],
                    ),
                ],
                review=70,
            ),
        ],
        notes=[
            (
                214, "C", 45,
                "Arriva con l'educatore. Fabbro, ha perso la bottega nel 2019. Ora è in cura da otto mesi e regge.",
                {"with": "Educatore del SerD"},
            ),
            (
                160, "V", 60,
                "Al vivaio di Durazzanino. Gli piacciono le serre. Il titolare lo prova per due mattine.",
                {"travel": 40},
            ),
            (95, "C", 30, "Due mattine su quattro le salta. Dice la sveglia, poi dice la verità: dorme male.", {}),
            (34, "T", 5, "Mi chiede di fermarci: entra in comunità per tre mesi. «Richiamo io».", {}),
        ],
    ),
    Story(
        "Franca", "Moretti", "giulia", 380, "closing",
        who={
            "gender": "f", "born_on": "1971-02-28", "citizenship": "Italia", "residence": "Via Gorizia 40",
            "residence_town": "Forlì", "phone": "0543 000188",
        },
        case={"source": "CPI", "request": "Ha assistito la madre per nove anni. Ora vuole lavorare."},
        moves={"closing": 2},
        ending=(
            "permanent",
            "Assunta alla casa di riposo, tempo indeterminato, 30 ore. Ha chiesto di restare in contatto a Natale.",
            "marco",
        ),
        plans=[
            PlanStory(
                340, "Un mestiere da quello che so già fare",
                [
                    (
                        "Qualifica di operatrice e assunzione", "Ho accudito, ma nessuno lo scrive", "both",
                        "ore di contratto", "0", "30", -5,
                        [
                            ("Corso OSS, modulo base", "lei", -120, "done"),
                            ("Colloquio alla casa di riposo", "lei", -30, "done"),
                        ],
                    ),
                ],
                review=20,
            ),
        ],
        notes=[
            (
                375, "C", 50,
                "Nove anni di assistenza alla madre: notti, farmaci, piaghe, documenti. Abbiamo scritto l'elenco: due pagine. «Ma allora so fare».",
                {},
            ),
            (
                240, "C", 30,
                "Corso OSS, modulo base: è la più vecchia e la più brava. La docente la usa come esempio.",
                {"by": "marco"},
            ),
            (
                100, "A", 60,
                "Colloquio alla casa di riposo. Le hanno chiesto che cosa farebbe con un ospite che rifiuta il pasto: ha risposto per dieci minuti.",
                {"by": "marco", "travel": 20},
            ),
            (31, "T", 10, "La casa di riposo conferma: 30 ore, indeterminato, da subito.", {"by": "marco"}),
            (
                2, "C", 25, "Ultimo colloquio. Contratto firmato. Ha portato una torta per tutta l'équipe.",
                {"by": "marco"},
            ),
        ],
    ),
    Story(
        "Blessing", "Adeyemi", "giulia", 130, "active",
        who={
            "gender": "f", "born_on": "1996-08-21", "citizenship": "Nigeria", "permit_kind": "refugee",
            "permit_expires_on": 300, "domicile": "Via Salinatore 17", "domicile_town": "Forlì",
            "languages": "inglese, edo", "italian": "fair", "mediator_language": "inglese", "phone": "333 0000153",
        },
        case={
            "source": "Sportello tratta", "request": "Vuole un lavoro con le mani e un contratto vero.",
            "to_know": "Chiamare solo di mattina",
        },
        needs=[
            ("training", 1, "outer", "Corso di taglio e cucito già cominciato"),
            ("network", 2, "both", "Conosce solo le ragazze della casa"),
        ],
        plans=[
            PlanStory(
                100, "Imparare il mestiere",
                [
                    (
                        "Finire il corso di taglio e cucito", "I like when it becomes a dress", "person",
                        "ore frequentate", "0", "120", 40,
                        [
                            ("Frequentare, tre pomeriggi", "lei", 40, "open"),
                            ("Trovare una sartoria per il tirocinio", "me", 20, "open"),
                        ],
                    ),
                ],
                review=24, agreed_with="Operatrice della casa",
            ),
        ],
        notes=[
            (
                127, "C", 45,
                "Con la mediatrice. Ha finito la scuola superiore. Cuce per le compagne: ha portato una camicia da uomo fatta bene, con il collo giusto.",
                {
                    "with": "Mediatrice",
                    "private": "In protezione: non scrivere l'indirizzo della casa in nessun foglio.",
                },
            ),
            (80, "C", 30, "Sessanta ore di corso su centoventi. La maestra dice che taglia già da sola.", {}),
            (36, "T", 10, "Ha saltato due lezioni per l'influenza. Recupera a gennaio.", {}),
        ],
    ),
    Story(
        "Yusuf", "Diallo", "marco", 8, "reported",
        who={
            "gender": "m", "born_on": "2001-12-01", "citizenship": "Guinea", "languages": "francese, fulani",
            "italian": "little", "mediator_language": "francese", "phone": "333 0000176",
        },
        case={"source": "Caritas", "request": "Segnalato dalla mensa. Dorme da conoscenti, ha lavorato nei campi."},
        todos=[(1, "Chiamarlo con la mediatrice")],
    ),
    Story(
        "Giovanni", "Pellegrino", "marco", 44, "assessing",
        who={
            "gender": "m", "born_on": "1968-10-10", "citizenship": "Italia", "residence": "Via Cerchia 77",
            "residence_town": "Forlì", "phone": "333 0000160",
        },
        case={"source": "CPI", "request": "Licenziato a 57 anni dopo il fallimento dell'azienda."},
        needs=[
            ("work", 1, "outer", "Dieci anni alla pensione"),
            ("skills", 2, "inner", "Usa il computer solo per le e-mail"),
        ],
        notes=[
            (
                40, "C", 50,
                "Capoturno in una fabbrica di divani per trent'anni. Sa organizzare venti persone, non sa da dove cominciare un curriculum: «Non ne ho mai avuto bisogno».",
                {},
            ),
            (
                22, "C", 40,
                "Fatto insieme il bilancio: turni, sicurezza, formazione dei nuovi. Si è stupito di quante cose sono.",
                {},
            ),
            (4, "M", 5, "Manda il curriculum scritto da solo. Due errori, glieli segno e basta.", {}),
        ],
        meetings=[(2, "10:00", "C", 60, {"place": "Sala colloqui 1", "purpose": "Chiudere la valutazione"})],
    ),
    Story(
        "Marta", "Fabbri", "marco", 15, "received",
        who={
            "gender": "f", "born_on": "1994-06-06", "citizenship": "Italia", "residence": "Via Firenze 120",
            "residence_town": "Forlì", "phone": "333 0000172",
        },
        case={"source": "Psicologa di base", "request": "Rientrare al lavoro dopo due anni di malattia."},
        notes=[
            (
                11, "T", 20,
                "Prima telefonata. Grafica, ha lasciato lo studio per una depressione. Vuole cominciare da poche ore: «Se va male, che sia un male piccolo».",
                {},
            ),
        ],
        meetings=[(2, "11:30", "C", 45, {"place": "Stanza piccola", "purpose": "Primo colloquio"})],
    ),
    Story(
        "Rosa", "Caputo", "elena", 205, "active",
        who={
            "gender": "f", "born_on": "1984-01-12", "citizenship": "Italia", "residence": "Via Ugo Foscolo 9",
            "residence_town": "Forlì", "phone": "333 0000140",
        },
        case={
            "source": "Comune di Forlì",
            "request": "Tre figli, il marito in cantiere a Bologna. Vuole un lavoro di mattina.",
        },
        needs=[("care", 1, "outer", "Il più piccolo non ha il nido"), ("work", 2, "both", "Quattro ore al mattino")],
        plans=[
            PlanStory(
                160, "Le mattine sono mie",
                [
                    (
                        "Lavorare 20 ore in una mensa scolastica", "Quando loro sono a scuola, anch'io", "person",
                        "ore alla settimana", "0", "20", 35,
                        [
                            ("Domanda di nido fuori graduatoria", "elena", -60, "done"),
                            ("Colloquio con la ditta della mensa", "lei", 9, "open"),
                        ],
                    ),
                ],
                review=12,
            ),
        ],
        notes=[
            (
                200, "C", 40,
                "Ha fatto la commessa fino al primo figlio. Adesso non ricorda più come si sta in mezzo alla gente, dice. Poi racconta la festa della scuola organizzata da lei.",
                {},
            ),
            (95, "C", 30, "Nido ottenuto, tre giorni. Cominciamo a cercare per davvero.", {}),
            (18, "T", 10, "La ditta della mensa cerca da febbraio. Le ho mandato il modulo.", {}),
        ],
    ),
    Story(
        "Łukasz", "Wiśniewski", "giulia", 75, "active",
        who={
            "gender": "m", "born_on": "1982-03-09", "citizenship": "Polonia", "residence": "Via Decio Raggi 300",
            "residence_town": "Forlì", "languages": "polacco, tedesco, italiano", "italian": "good",
            "phone": "333 0000112",
        },
        case={
            "source": "Si è presentato da solo",
            "request": "Autista, ha perso i punti. Vuole un altro mestiere finché non li riprende.",
        },
        needs=[
            ("mobility", 1, "both", "Recuperare i punti della patente C"),
            ("work", 1, "outer", "Un lavoro vicino, ci va in bici"),
        ],
        plans=[
            PlanStory(
                48, "Guidare di nuovo, e intanto lavorare",
                [
                    (
                        "Corso di recupero punti", "Senza camion non so stare", "person", "punti", "2", "8", 55,
                        [("Iscriversi al corso", "lei", -20, "done"), ("Esame finale", "lei", 50, "open")],
                    ),
                ],
                review=40, how="spoken",
            ),
        ],
        notes=[
            (
                71, "C", 45,
                "Quindici anni di camion, Varsavia, Monaco, Bologna. Tre multe in un mese e i punti sono finiti. Vive solo, l'affitto è pagato fino a gennaio.",
                {},
            ),
            (
                45, "C", 30,
                "Cominciato il corso punti. Intanto lo prende il magazzino della cooperativa agricola, quattro giorni.",
                {},
            ),
            (
                6, "T", 10,
                "In magazzino va bene. Chiede un anticipo sul trattamento di fine rapporto: gli ho spiegato che non si può ancora.",
                {},
            ),
        ],
        now=(95, "C", 30, None, {"place": "Sala colloqui 1"}),
    ),
    Story(
        "Șerban", "Ionescu", "sara", 160, "active",
        who={
            "gender": "m", "born_on": "1990-10-27", "citizenship": "Romania", "residence": "Via Lughese 44",
            "residence_town": "Forlì", "italian": "good", "phone": "333 0000077",
        },
        service="Sportello casa",
        case={"source": "Ufficio casa", "request": "Sfratto esecutivo a gennaio. Lavora, ma nessuno gli affitta."},
        needs=[("housing", 1, "outer", "Casa per quattro entro gennaio")],
        plans=[
            PlanStory(
                130, "Un contratto prima dello sfratto",
                [
                    (
                        "Affitto con garanzia", "I soldi ci sono, manca la fiducia", "both", "contratto firmato",
                        "no", "sì", 30,
                        [
                            ("Busta di presentazione ai proprietari", "sara", -100, "done"),
                            ("Chiedere il rinvio all'ufficiale giudiziario", "sara", 5, "open"),
                        ],
                    ),
                ],
                review=10,
            ),
        ],
        notes=[
            (
                156, "C", 40,
                "Famiglia di quattro, due stipendi: lui in officina, lei in pulizie. Nove rifiuti in due mesi. «Al telefono va bene, poi sentono il cognome».",
                {},
            ),
            (
                92, "V", 60,
                "Visto un trilocale a Villafranca. Il proprietario tentenna, ha chiesto chi garantisce.",
                {"travel": 30},
            ),
            (
                41, "R", 45, "Tavolo con l'ufficio casa: il fondo di garanzia copre tre mensilità.",
                {"with": "Ufficio casa del Comune", "coord": 45},
            ),
            (15, "T", 10, "Il proprietario di Villafranca dice forse. Richiama lui dopo le feste.", {}),
        ],
        todos=[(-1, "Chiedere il rinvio dello sfratto", "sara")],
        meetings=[(5, "9:00", "A", 60, {"place": "Ufficiale giudiziario", "user": "sara"})],
    ),
    Story(
        "Thị Hương", "Nguyễn", "marco", 112, "active",
        who={
            "gender": "f", "born_on": "1998-02-15", "citizenship": "Vietnam", "permit_kind": "study",
            "permit_expires_on": 25, "domicile": "Via Palazzola 2", "domicile_town": "Forlì",
            "languages": "vietnamita, inglese", "italian": "fair", "phone": "333 0000088", "known_as": "Huong",
        },
        case={
            "source": "Università",
            "request": "Ha interrotto gli studi. Può convertire il permesso se trova lavoro.",
            "to_know": "Il permesso scade tra meno di un mese",
        },
        needs=[("documents", 1, "outer", "Conversione del permesso da studio a lavoro")],
        plans=[
            PlanStory(
                80, "Restare, con le carte in regola",
                [
                    (
                        "Un contratto che vale per la conversione", "Here I have my friends", "person", "contratto",
                        "no", "sì", 25,
                        [
                            ("Lettera del consulente del lavoro", "marco", -10, "done"),
                            ("Appuntamento in questura", "marco", 12, "open"),
                        ],
                    ),
                ],
                review=18,
            ),
        ],
        notes=[
            (
                108, "C", 50,
                "Studiava economia, due esami all'anno. Lavora nove ore la settimana in un ristorante. Il padrone la prenderebbe a tempo pieno.",
                {},
            ),
            (
                55, "A", 120,
                "Allo sportello immigrazione. La quota per le conversioni c'è ancora: servono contratto e alloggio idoneo.",
                {"travel": 30},
            ),
            (
                8, "C", 30,
                "Il ristorante ha firmato la proposta. Manca l'idoneità dell'alloggio: il geometra viene lunedì.",
                {},
            ),
        ],
        meetings=[(4, "8:30", "A", 120, {"place": "Questura", "user": "marco", "purpose": "Deposito della domanda"})],
    ),
    Story(
        "Olena", "Shevchuk", "lorenzo", 88, "active", team="Vallate",
        who={
            "gender": "f", "born_on": "1986-12-05", "citizenship": "Ucraina", "permit_kind": "refugee",
            "permit_expires_on": 100, "domicile": "Via Roma 15", "domicile_town": "Meldola",
            "languages": "ucraino, russo", "italian": "little", "mediator_language": "ucraino",
            "phone": "333 0000191", "known_as": "Олена",
        },
        case={
            "source": "Comune di Meldola",
            "request": "Infermiera in Ucraina. Bada a un'anziana in cambio di vitto e alloggio.",
        },
        needs=[
            ("training", 1, "outer", "Riconoscimento del titolo di infermiera"),
            ("language", 1, "inner", "Italiano, parte da A1"),
            ("documents", 2, "outer", "Contratto di lavoro domestico regolare"),
        ],
        plans=[
            PlanStory(
                60, "Un contratto, poi il titolo",
                [
                    (
                        "Assunzione regolare come assistente familiare", "Io lavoro giorno e notte, ma non esisto",
                        "both", "contratto registrato", "no", "sì", 15,
                        [
                            ("Parlare con il figlio dell'anziana", "lorenzo", -30, "done"),
                            ("Pratica al patronato", "lorenzo", 5, "open"),
                        ],
                    ),
                ],
                review=30, agreed_with="Mediatrice",
            ),
        ],
        notes=[
            (
                84, "C", 60,
                "Con la mediatrice. Infermiera in rianimazione per nove anni. Vive con la signora che assiste, non ha un giorno libero. Chiede prima di tutto: «Posso curarmi anch'io?»",
                {"with": "Mediatrice"},
            ),
            (
                47, "V", 50,
                "A casa della signora. Il figlio non sapeva di essere un datore di lavoro. Si è spaventato, poi ha ascoltato.",
                {"travel": 40},
            ),
            (11, "T", 10, "Il patronato ha tutto tranne il codice fiscale del figlio.", {}),
        ],
        todos=[(0, "Chiedere il codice fiscale del datore di lavoro", "lorenzo")],
    ),
    Story(
        "Fatoumata", "Sow", "lorenzo", 54, "assessing", team="Vallate",
        who={
            "gender": "f", "born_on": "1993-05-23", "citizenship": "Senegal", "domicile_town": "Predappio",
            "languages": "wolof, francese", "italian": "fair", "phone": "333 0000192",
        },
        case={"source": "Assistente sociale", "request": "Vuole aprire un banco di stoffe al mercato."},
        needs=[
            ("money", 2, "both", "Trovare 3.000 euro per la licenza"),
            ("skills", 1, "inner", "Fare i conti di un banco"),
        ],
        notes=[
            (
                50, "C", 50,
                "Ha già venduto stoffe con la zia a Dakar. Porta un quaderno con gli incassi di sei mesi: ci sono tutti.",
                {},
            ),
            (
                20, "R", 40, "Sentito l'ufficio commercio: il posto al mercato del giovedì è libero da marzo.",
                {"coord": 30},
            ),
            (
                6, "C", 40,
                "Abbiamo fatto i conti del banco. Con la licenza a rate, il primo anno guadagna poco: lei dice che le basta.",
                {},
            ),
        ],
        meetings=[(7, "16:00", "C", 45, {"place": "Sede di Predappio", "user": "lorenzo"})],
    ),
    Story(
        "Gianluca", "Fabbri", "davide", 330, "active", team="Vallate",
        who={
            "gender": "m", "born_on": "1979-03-30", "citizenship": "Italia", "residence": "Via Nazionale 4",
            "residence_town": "Santa Sofia", "phone": "333 0000195",
        },
        case={
            "source": "CSM", "request": "Tirocinio al vivaio, da fare diventare lavoro.",
            "to_know": "Se cambia il turno, avvisarlo il giorno prima",
        },
        before=("lorenzo", 120, "Riordino delle zone"),
        needs=[
            ("work", 1, "outer", "Assunzione dopo il tirocinio"),
            ("health", 2, "both", "Tenere il passo con le visite"),
        ],
        plans=[
            PlanStory(
                290, "Un tirocinio che regge",
                [
                    (
                        "Quattro mattine al vivaio", "La mattina presto non c'è nessuno, mi piace", "person",
                        "mattine", "0", "4", -120,
                        [("Visita al vivaio con il tutor", "lorenzo", -270, "done")],
                    ),
                ],
                review=-130,
            ),
            PlanStory(
                118, "Dal tirocinio al contratto",
                [
                    (
                        "Assunzione part-time al vivaio", "Voglio il cartellino", "both", "ore di contratto", "0",
                        "20", 45,
                        [
                            ("Incontro con il titolare", "davide", -30, "done"),
                            ("Domanda di incentivo", "davide", 15, "open"),
                        ],
                    ),
                ],
                review=33, reason="Il tirocinio è finito bene: si passa al contratto.",
            ),
        ],
        notes=[
            (
                325, "C", 40, "Arriva con l'infermiera del CSM. Tirocinio in corso da tre mesi, mai un'assenza.",
                {"by": "lorenzo"},
            ),
            (
                200, "V", 60, "Al vivaio. Il titolare: «Se fosse per lui aprirei alle cinque».",
                {"by": "lorenzo", "travel": 60},
            ),
            (
                90, "C", 30,
                "Preoccupato per il cambio di operatore. Gli ho mostrato la scheda: sa che la rileggo sempre prima di vederlo.",
                {},
            ),
            (
                27, "R", 45, "Incontro a tre sul contratto. Venti ore, incentivo della Regione.",
                {"with": "Titolare del vivaio, CSM", "coord": 45},
            ),
            (3, "T", 10, "Chiede se il cartellino lo ritira lui o arriva a casa. Felice.", {}),
        ],
        todos=[(11, "Documenti per l'incentivo regionale", "davide")],
    ),
    Story(
        "Katia", "Gherardi", "davide", 66, "active", team="Vallate",
        who={
            "gender": "f", "born_on": "1990-07-07", "citizenship": "Italia", "residence": "Via Cavour 22",
            "residence_town": "Civitella di Romagna", "phone": "333 0000196",
        },
        case={"source": "Centro per le famiglie", "request": "Separata da poco, tre figlie, un lavoro a ore."},
        plans=[
            PlanStory(
                40, "Orari che si tengono",
                [
                    (
                        "Passare da 12 a 24 ore", "Con dodici ore pago solo il bar", "both", "ore", "12", "24", 60,
                        [("Parlare con la cooperativa di pulizie", "davide", 20, "open")],
                    ),
                ],
                review=50,
            ),
        ],
        notes=[
            (
                62, "C", 45,
                "Pulisce in un bar la mattina presto. Le figlie a scuola da sole, abitano di fronte. Vorrebbe un secondo turno alle 14.",
                {},
            ),
            (28, "T", 10, "La cooperativa di pulizie ha un turno alle 14 in una banca.", {}),
        ],
        meetings=[(9, "17:00", "C", 30, {"place": "Sede di Civitella", "user": "davide"})],
    ),
    Story(
        "Ernesto", "Valgimigli", "davide", 480, "closed", team="Vallate",
        who={
            "gender": "m", "born_on": "1964-01-19", "citizenship": "Italia", "residence": "Via Mercato 6",
            "residence_town": "Galeata", "phone": "0543 000199",
        },
        case={"source": "CPI", "request": "Due anni alla pensione, licenziato."},
        moves={"closing": 90, "closed": 85},
        ending=(
            "fixed_long", "Portiere nella residenza per studenti, due anni di contratto: arriva alla pensione.",
            "davide",
        ),
        plans=[
            PlanStory(
                430, "Due anni ancora",
                [
                    (
                        "Un lavoro fino alla pensione", "Mi servono due anni, non un mestiere", "person",
                        "mesi coperti", "0", "24", -100, [("Candidatura alla portineria", "lei", -150, "done")],
                    ),
                ],
                review=-90,
            ),
        ],
        notes=[
            (
                470, "C", 45,
                "Trent'anni in ceramica. Non vuole fare il giardiniere. Preciso, gentile, non ama i computer.", {},
            ),
            (
                210, "C", 30,
                "Candidatura alla residenza per studenti. Colloquio con la direttrice: gli piacciono i ragazzi rumorosi.",
                {},
            ),
            (92, "T", 10, "Assunto. Comincia il primo del mese, turno del mattino.", {}),
        ],
    ),
    Story(
        "John", "di Cipro", "giulia", 120, "active",
        who={
            "gender": "m", "citizenship": "Cipro", "is_training": True,
            "contact_note": "Persona inventata: caso di prova (attività 4.6.1 del manuale)",
        },
        case={
            "source": "Manuale del job broker, attività 4.6.1",
            "request": "È disoccupato da 12 mesi. Da sei non cerca più.",
            "to_know": "Caso di prova: età, patente, titoli di studio e bisogni economici non sono noti, sono da chiedere",
        },
        household=[
            ("Moglie", "partner", None),
            ("Figlio, 11 anni", "child", None),
            ("Figlia, 8 anni", "child", None),
        ],
        needs=[
            ("work", 1, "both", "Tornare a lavorare: licenziato, disoccupato da 12 mesi"),
            ("skills", 1, "inner", "Riprendere fiducia: si crede troppo vecchio e senza competenze"),
            (
                "training", 2, "outer",
                "Nessuna formazione sulla vendita o sull'assistenza ai clienti dal vecchio datore di lavoro",
            ),
            ("mobility", 3, "outer", "Andava al lavoro a piedi: capire se guida e quanto lontano può lavorare"),
        ],
        plans=[
            PlanStory(
                80, "Rimettersi in moto, partendo da quello che gli piace",
                [
                    (
                        "Riprendere la ricerca di lavoro", "Sono troppo vecchio, e che cosa so fare?", "both",
                        "candidature alla settimana", "0 da sei mesi", "2", 60,
                        [
                            ("Elenco di quello che sa fare, dalla vendita e dal legno", "lei", -40, "done"),
                            ("Due visite in negozi di mobili raggiungibili a piedi", "lei", 10, "open"),
                        ],
                    ),
                    (
                        "Un attestato che dica che sa vendere", "Non mi hanno mai insegnato niente", "service",
                        "attestati", "0", "1", 120,
                        [("Corso di tecniche di vendita e assistenza ai clienti", "lei", 45, "open")],
                    ),
                    (
                        "Far vedere i lavori in legno", "Il legno mi piace, ho la mia bottega dietro casa", "person",
                        "pezzi mostrati a qualcuno", "0", "3", 90,
                        [
                            ("Fotografare tre mobili fatti nella bottega", "lei", 5, "open"),
                            ("Sentire due falegnamerie della zona", "me", 30, "open"),
                        ],
                    ),
                ],
                review=21,
            ),
        ],
        notes=[
            (
                117, "C", 50,
                "Storia del caso. Uomo, sposato, viene da Cipro. Ha due figli: un maschio di 11 anni e una femmina di 8. Venditore di mobili negli ultimi tre anni, nello stesso posto: ci andava a piedi da casa, tutte le mattine. È stato licenziato e dopo 12 mesi è ancora disoccupato.",
                {},
            ),
            (
                103, "C", 45,
                "Sul lavoro di prima: nessuna formazione dal datore di lavoro, né sulle tecniche di vendita, né sull'assistenza ai clienti, né su altro. Gli piaceva lo stesso, per il contatto con le persone e per il prodotto: i mobili. Il suo hobby è lavorare il legno, ha una piccola bottega dietro casa.",
                {},
            ),
            (
                82, "C", 40,
                "Negli ultimi sei mesi non ha cercato lavoro: non è motivato né attivo. Crede di essere troppo vecchio e senza competenze. Quando parla della bottega cambia voce.",
                {},
            ),
            (
                55, "C", 40,
                "Che cosa ancora non sappiamo: l'età, se guida, i titoli di studio e le qualifiche, che cosa faceva prima del negozio, bisogni speciali, altri interessi, di che cosa vive la famiglia, di che cosa ha bisogno lui. Sono le domande del prossimo colloquio.",
                {},
            ),
        ],
        meetings=[(6, "10:30", "C", 45, {"place": "Sala colloqui 2", "purpose": "Le domande che mancano"})],
    ),
]
# fmt: on


def _brief(first, last, holder, opened, state, gender, born, citizenship, town, phone, request, *notes, **more):
    """A shorter story: the notes are (day ago, kind letter, minutes, text) as above."""
    who = {
        "gender": gender,
        "born_on": born,
        "citizenship": citizenship,
        "residence_town": town,
        "phone": f"333 0000{phone}",
    }
    who |= more.pop("who", {})
    case = {"request": request, **more.pop("case", {})}
    return Story(first, last, holder, opened, state, who=who, case=case, notes=[(*n, {}) for n in notes], **more)


def _goal(purpose, title, words, indicator, start, target, due, what, day, review=45, **more):
    """A plan of one goal and one action of the holder."""
    goal = (title, words, "both", indicator, start, target, due, [(what, "me", due // 3, "open")])
    return [PlanStory(day, purpose, [goal], review=review, **more)]


IT = "Italia"
# fmt: off
STORIES += [
    _brief(
        "Habiba", "Benali", "sara", 140, "active", "f", "1988-04-02", "Tunisia", "Forlì", "201",
        "Un alloggio più grande: sono in cinque in due stanze.",
        (
            136, "C", 40,
            "Marito operaio, tre figli. Muffa in camera dei bambini, il più piccolo ha l'asma. Porta le foto e il certificato del pediatra.",
        ),
        (70, "A", 60, "Accompagnata all'ufficio casa: punteggio ricalcolato, salgono di quattordici posti."),
        (21, "T", 10, "Chiamata dall'ufficio casa per un sopralluogo giovedì."),
        service="Sportello casa",
        plans=_goal(
            "Una casa asciutta", "Cambio di alloggio", "Che il piccolo respiri", "punti in graduatoria", "11", "25",
            60, "Ricorso per i punti", 110,
        ),
    ),
    _brief(
        "Moussa", "Traoré", "marco", 58, "active", "m", "2000-01-14", "Mali", "Forlì", "202",
        "Elettricista: vuole l'attestato.",
        (
            55, "C", 45,
            "Due anni con un elettricista di Bamako. Disegna lo schema di un impianto sul retro del modulo, corretto.",
        ),
        (30, "C", 30, "Ammesso al corso serale. La difficoltà è il treno del ritorno: l'ultimo parte alle 21:10."),
        (10, "T", 5, "Ha trovato un passaggio con un compagno di corso."),
        who={"languages": "francese, bambara", "italian": "fair", "permit_kind": "refugee"},
        plans=_goal(
            "Elettricista con le carte", "Attestato di base", "Le mani sanno già", "ore frequentate", "0", "160", 75,
            "Rimborso del treno", 40,
        ),
    ),
    _brief(
        "Cristina", "Ravaioli", "giulia", 35, "assessing", "f", "1975-08-08", IT, "Forlì", "203",
        "Cassiera licenziata dopo la chiusura del supermercato.",
        (
            32, "C", 45,
            "Diciannove anni di cassa. Sa i nomi di mezzo quartiere. Le fanno male i polsi, non l'ha mai detto a nessuno.",
        ),
        (
            12, "C", 40,
            "Bilancio a metà: le piace spiegare alle colleghe nuove. Non aveva mai pensato che fosse un lavoro.",
        ),
        needs=[("health", 2, "outer", "Visita per i polsi"), ("training", 2, "both", "Capire se può formare altri")],
    ),
    _brief(
        "Vasile", "Popa", "lorenzo", 250, "active", "m", "1971-12-12", "Romania", "Rocca San Casciano", "204",
        "Boscaiolo con il ginocchio operato.",
        (
            246, "C", 40,
            "Taglia legna da quando aveva quindici anni. Dopo l'operazione non può più stare in pendenza.",
        ),
        (150, "V", 50, "Alla segheria di valle: lo metterebbero alla sega a nastro, si lavora in piano."),
        (
            36, "C", 30,
            "Due mesi di prova in segheria. Il rumore gli piace, la polvere meno: chiede la maschera buona.",
        ),
        team="Vallate", case={"to_know": "Non può salire scale con carichi"},
        plans=_goal(
            "Restare nel legno, ma in piano", "Contratto in segheria", "Nel bosco no, tra le assi sì",
            "mesi di contratto", "0", "12", 90, "Sorveglianza sanitaria", 200,
        ),
    ),
    _brief(
        "Zhang", "Li", "giulia", 180, "active", "f", "1983-02-17", "Cina", "Forlì", "205",
        "Ha chiuso il negozio di merceria.",
        (
            176, "C", 50,
            "Con il figlio che traduce. Quattordici anni di negozio, ultimi due in perdita. Conosce le stoffe al tatto.",
        ),
        (101, "R", 40, "Incontro con il commercialista: la chiusura le costa ancora due rate."),
        (
            24, "C", 30,
            "La sartoria teatrale cerca chi sappia comprare tessuti: le abbiamo fatto incontrare la titolare.",
        ),
        who={"languages": "cinese, italiano", "italian": "fair", "mediator_language": "cinese"},
        plans=_goal(
            "Chiudere bene e ricominciare", "Lavorare con i tessuti da dipendente", "Il negozio no, le stoffe sì",
            "ore alla settimana", "0", "20", 50, "Rate della chiusura", 150,
        ),
    ),
    _brief(
        "Arben", "Hoxha", "marco", 29, "assessing", "m", "1997-10-04", "Albania", "Forlì", "206",
        "Cuoco stagionale, cerca l'inverno.",
        (
            26, "C", 40,
            "Quattro stagioni a Cervia, una a Tirana. Sa fare la linea da solo per cento coperti. D'inverno dorme da un cugino.",
        ),
        (5, "T", 10, "Un agriturismo di Castrocaro cerca per i fine settimana."),
    ),
    _brief(
        "Serena", "Zoli", "davide", 74, "active", "f", "1999-09-09", IT, "Meldola", "207",
        "Ha un diploma d'arte e paura del telefono.",
        (
            70, "C", 45,
            "Non esce di casa volentieri. Ritocca fotografie in modo straordinario. Abbiamo concordato di cominciare con i messaggi.",
        ),
        (44, "C", 30, "È venuta da sola in autobus. Ha portato una chiavetta con trenta immagini."),
        (9, "M", 5, "Manda il bando del fotografo di Forlì: tirocinio di sei mesi."),
        team="Vallate", case={"to_know": "Scrivere, non chiamare"},
        plans=_goal(
            "Un passo fuori di casa alla volta", "Tirocinio dal fotografo", "Se posso stare al computer, sì",
            "giorni alla settimana", "0", "3", 40, "Presentare la candidatura", 30,
        ),
    ),
    _brief(
        "Kwame", "Mensah", "giulia", 9, "reported", "m", "1993-03-03", "Ghana", "Forlì", "208",
        "Segnalato dal dormitorio: cerca un posto per tre settimane.", service="Prima accoglienza",
    ),
    _brief(
        "Donatella", "Prati", "sara", 118, "active", "f", "1966-05-05", IT, "Forlì", "209",
        "Affitto bloccato, cassa integrazione.",
        (
            115, "C", 40,
            "Dodici anni di affitto pagato sempre. Ora il proprietario vuole vendere e la cassa integrazione non basta.",
        ),
        (60, "R", 45, "Con il sindacato inquilini: il contratto vale fino a giugno, c'è tempo."),
        (13, "T", 10, "Ha deciso: cerca qualcosa di più piccolo in centro."), service="Sportello casa",
        plans=_goal(
            "Cambiare casa con calma", "Un bilocale entro giugno", "Una stanza in meno, ma con la finestra",
            "contratto", "no", "sì", 150, "Cercare tra i proprietari del fondo", 90,
        ),
    ),
    _brief(
        "Rania", "El Khoury", "giulia", 41, "active", "f", "1985-11-30", "Libano", "Forlì", "210",
        "Farmacista. Il titolo non è riconosciuto.",
        (38, "C", 50, "Dieci anni in una farmacia di Tripoli, parla quattro lingue. Qui lava i vetri di un bar."),
        (11, "A", 60, "All'ordine dei farmacisti: servono tre esami. Le hanno dato i programmi."),
        who={"permit_kind": "family", "languages": "arabo, francese, inglese, italiano", "italian": "good"},
        plans=_goal(
            "Riprendersi il camice", "Superare il primo dei tre esami", "Dieci anni non si buttano",
            "esami superati", "0 di 3", "1 di 3", 180, "Borsa per i libri", 25,
        ),
    ),
    _brief(
        "Fabio", "Casadei", "marco", 86, "suspended", "m", "1987-01-01", IT, "Cesena", "211",
        "Riprendere dopo il ricovero.",
        (82, "C", 40, "Fuori dall'ospedale da due settimane. Vuole ricominciare subito, il medico dice tra un mese."),
        (35, "T", 10, "Il medico ha prolungato. Ci fermiamo finché non sta in piedi."),
        until=-4, moves={"suspended": 35},
        plans=_goal(
            "Tornare al tornio, con calma", "Rientro part-time", "Il tornio lo sento anche di notte",
            "ore alla settimana", "0", "16", 45, "Lettera del medico del lavoro", 70,
        ),
    ),
    _brief(
        "Ines", "Ferreira", "lorenzo", 200, "active", "f", "1992-06-16", "Brasile", "Predappio", "212",
        "Aiuto cuoca, orari impossibili.",
        (196, "C", 40, "Un figlio di sei anni, il padre non c'è. Il ristorante la chiama il pomeriggio per la sera."),
        (120, "C", 30, "Ha imparato a dire no due volte. Il padrone ha accettato i turni fissi."),
        (30, "T", 10, "Turni fissi da un mese. Il bambino dorme."), team="Vallate",
        plans=_goal(
            "Turni che stanno in un'agenda", "Turni fissi scritti nel contratto",
            "Che mio figlio sappia a che ora torno", "settimane con turni fissi", "0", "12", 60,
            "Accordo scritto col ristorante", 160,
        ),
    ),
    _brief(
        "Ettore", "Bandini", "davide", 19, "received", "m", "1976-04-23", IT, "Galeata", "213",
        "Allevatore, ha venduto le pecore.",
        (
            16, "V", 60,
            "A casa sua. Ha venduto il gregge in un giorno solo. Non dorme e non ne parla, ha mostrato la stalla.",
        ),
        team="Vallate",
    ),
    _brief(
        "Grace", "Okonkwo", "giulia", 240, "closed", "f", "1991-07-11", "Nigeria", "Forlì", "214",
        "Un contratto oltre i sei mesi.",
        (236, "C", 45, "Magazziniera in scadenza. Sa usare il lettore e nessuno gliel'ha insegnato."),
        (120, "C", 30, "Colloquio alla logistica: assunta per un anno."),
        (62, "T", 5, "Ultima telefonata: prende il treno delle 5:40 e va bene così."),
        moves={"closing": 60, "closed": 58},
        ending=("fixed_long", "Un anno nella logistica, rinnovabile.", "giulia"),
        plans=_goal(
            "Oltre i sei mesi", "Contratto di un anno", "Io lavoro, voi scrivete", "mesi", "0", "12", -70,
            "Tre candidature", 200, -90,
        ),
    ),
    _brief(
        "Matteo", "Sassi", "marco", 300, "closed", "m", "2002-12-24", IT, "Forlì", "215",
        "Ritirato da scuola, poi rientrato.",
        (296, "C", 40, "Ha lasciato meccanica al quarto anno. Monta e smonta motori di motorini in cortile."),
        (90, "C", 30, "Si è iscritto al serale. «Ma solo perché c'è l'officina»."),
        moves={"closing": 70, "closed": 66},
        ending=("training", "Rientrato a scuola, corso serale di meccanica.", "marco"),
        plans=_goal(
            "Finire quello che ho iniziato", "Iscrizione al serale", "L'officina mi manca", "iscrizione", "no", "sì",
            -75, "Parlare con la scuola", 250, -100,
        ),
    ),
    _brief(
        "Amadou", "Ba", "giulia", 210, "closed", "m", "1994-08-18", "Senegal", "Forlì", "216",
        "Voleva tornare in Senegal, poi è partito per Torino.",
        (205, "C", 40, "Ha un fratello a Torino. Qui vende ombrelli, non gli piace dirlo."),
        (96, "T", 5, "Parte venerdì, il fratello gli ha trovato un posto in cucina."),
        moves={"closing": 95, "closed": 92}, ending=("moved", "Trasferito a Torino dal fratello.", "giulia"),
        plans=_goal(
            "Partire con qualcosa in mano", "Documenti e biglietto", "A Torino c'è mio fratello", "documenti pronti",
            "no", "sì", -100, "Certificati dal Comune", 150, -110,
        ),
    ),
    _brief(
        "Lucia", "Bianconi", "davide", 175, "closing", "f", "1980-03-21", IT, "Bertinoro", "217",
        "Rientro dopo la maternità.",
        (170, "C", 40, "Segretaria, il contratto è scaduto al settimo mese. Vuole tornare con orari diversi."),
        (44, "C", 30, "Il consorzio la prende per venti ore, dal lunedì al giovedì."),
        (6, "T", 10, "Ha firmato. La nonna tiene la bambina."), team="Vallate",
        ending=("permanent", "Venti ore in un consorzio, indeterminato.", "davide"),
        plans=_goal(
            "Un orario da madre", "Venti ore stabili", "Venerdì mai", "ore", "0", "20", -8, "Colloquio al consorzio",
            130, 20,
        ),
    ),
    _brief(
        "Sergio", "Montanari", "giulia", 155, "active", "m", "1961-09-14", IT, "Forlì", "218",
        "Vedovo, pensione a 67, in mezzo niente.",
        (
            150, "C", 50,
            "Trentadue anni di tipografia. Parla di lei ogni tre frasi. Corregge le bozze di tutti i nostri volantini, gratis.",
        ),
        (77, "C", 30, "La biblioteca lo prende come volontario due mattine. È il primo che arriva."),
        (38, "T", 10, "Sta cercando chi gli insegni a impaginare col computer."),
        plans=_goal(
            "Non stare a casa", "Venti ore tra biblioteca e lavoro", "Se sto fermo, penso", "ore alla settimana",
            "4", "20", 70, "Corso di impaginazione", 120,
        ),
    ),
    _brief(
        "Diego", "Rossini", "giulia", 105, "active", "m", "1998-04-30", IT, "Forlì", "219",
        "Autistico, cerca un lavoro con regole scritte.",
        (
            101, "C", 60,
            "Con la madre. Diploma di informatica, memoria perfetta, telefono spento. Le regole vanno scritte, una per riga.",
        ),
        (49, "V", 50, "All'archivio comunale: gli hanno preparato il foglio delle regole. È rimasto due ore."),
        (16, "C", 30, "Due mattine alla settimana. Ha trovato tre errori nel catalogo."),
        who={"contact_note": "Scrivere alla madre", "may_call": False},
        team_of_care=[(None, "Servizio adulti AUSL", "riferimento sanitario")],
        plans=_goal(
            "Regole scritte", "Tirocinio all'archivio", "Mi piace quando le cose sono in ordine", "mattine", "0",
            "3", 60, "Convenzione col Comune", 75,
        ),
    ),
    _brief(
        "Emmanuel", "Asante", "davide", 60, "assessing", "m", "1989-11-11", "Ghana", "Civitella di Romagna", "220",
        "Saldatore con patentino scaduto.",
        (57, "C", 45, "Lavorava in carpenteria ad Accra. Il patentino europeo è scaduto, rifarlo costa 900 euro."),
        (14, "R", 30, "L'ente di formazione apre la sessione di febbraio. Chiediamo il contributo."),
        team="Vallate",
        needs=[("training", 1, "outer", "Rinnovo del patentino di saldatura")],
    ),
    _brief(
        "Patrizia", "Gori", "sara", 95, "active", "f", "1958-12-08", IT, "Forlì", "221",
        "Sta per perdere la residenza al mercato.",
        (90, "C", 40, "Ha un banco di fiori da ventisei anni. Il posto al mercato cambia e lei non vuole firmare."),
        (25, "R", 45, "Il nuovo posto è dall'altro lato della piazza: quaranta metri. Ci ha pensato e ha firmato."),
        service="Sportello casa",
        plans=_goal(
            "Restare al mercato", "Firmare il posto nuovo e la casa", "I fiori li vendo dove batte il sole",
            "pratiche chiuse", "0 di 2", "2 di 2", 45, "Contratto della casa", 70,
        ),
    ),
    _brief(
        "Bogdan", "Marin", "lorenzo", 33, "received", "m", "1995-02-02", "Romania", "Santa Sofia", "222",
        "Padre solo, due bambini.",
        (
            28, "C", 40,
            "La madre è tornata a Bacău. Lavora di notte nel panificio e i bambini dormono dalla vicina: finora tutto bene, ma non può durare.",
        ),
        team="Vallate",
    ),
    _brief(
        "Elisa", "Ceccarelli", "marco", 6, "reported", "f", "2004-05-18", IT, "Forlì", "223",
        "Ragazza madre, casa famiglia. Cerca un corso.",
    ),
    _brief(
        "Rasa", "Jankauskienė", "giulia", 66, "active", "f", "1979-05-29", "Lituania", "Forlì", "224",
        "Badante, la signora è morta.",
        (
            63, "C", 45,
            "Otto anni con la stessa signora. Non sa scrivere il suo curriculum, ma ricorda ogni medicina e ogni notte.",
        ),
        (20, "C", 30, "Iscritta al corso di assistente familiare: salta la prima parte, l'esperienza conta."),
        who={"italian": "good"},
        plans=_goal(
            "Un lavoro con i giorni liberi", "Contratto di 40 ore con riposo", "Otto anni senza una domenica",
            "domeniche libere al mese", "0", "4", 30, "Elenco delle famiglie del patronato", 45,
        ),
    ),
    _brief(
        "Guido", "Amadori", "davide", 145, "active", "m", "1993-09-19", IT, "Meldola", "225",
        "Fuori dal carcere, vuole restare fuori.",
        (141, "C", 40, "Otto anni. Sa fare il pane: l'ha imparato dentro. Non vuole spiegare dove."),
        (58, "A", 90, "Prova al forno di Meldola, dalle tre di notte. Il fornaio: «Le mani le ha»."),
        (31, "C", 30, "Assunto per quattro mesi. Chiede come si apre un conto."),
        team="Vallate", case={"confidential": True},
        team_of_care=[("lorenzo", None, "segue il passaggio con l'UEPE")],
        plans=_goal(
            "Il pane alle tre", "Un contratto di sei mesi", "Il pane lo vedi", "mesi di contratto", "0", "6", 50,
            "Apertura del conto", 100,
        ),
    ),
    _brief(
        "Sunita", "Sharma", "marco", 48, "active", "f", "1990-10-10", "India", "Forlì", "226",
        "Insegnava matematica, qui sta a casa.",
        (
            45, "C", 45,
            "Laurea e otto anni di insegnamento a Ludhiana. Il marito lavora nel caseificio. Aiuta già i figli degli altri, gratis, al tavolo della cucina.",
        ),
        (18, "C", 30, "Il doposcuola del quartiere la vuole vedere."),
        who={"italian": "fair", "languages": "punjabi, hindi, inglese"},
        plans=_goal(
            "Tornare a insegnare", "Quattro pomeriggi al doposcuola", "I numeri sono uguali in tutte le lingue",
            "pomeriggi", "0", "4", 40, "Incontro col doposcuola", 30,
        ),
    ),
    _brief(
        "Wilmer", "Quispe", "giulia", 22, "assessing", "m", "1982-01-20", "Perù", "Forlì", "227",
        "Muratore, infortunio in cantiere.",
        (19, "C", 50, "Caduto da due metri a giugno. Il capo gli ha chiesto di dire che era a casa. Ha le foto."),
        (7, "R", 40, "Patronato: la denuncia di infortunio si può ancora fare."),
        needs=[
            ("health", 1, "outer", "Riconoscimento dell'infortunio"),
            ("money", 1, "outer", "Tre mesi senza entrate"),
        ],
        case={"to_know": "Il datore di lavoro non deve sapere che viene qui", "priority": 1},
    ),
    _brief(
        "Tommaso", "Valbonesi", "lorenzo", 115, "active", "m", "2001-06-26", IT, "Dovadola", "228",
        "Disabilità del 46 per cento e molta fretta.",
        (
            110, "C", 40,
            "Vuole un lavoro entro sabato. Sa tutto degli autobus della provincia, anche le coincidenze soppresse.",
        ),
        (54, "V", 45, "Al deposito dei bus: lo farebbero entrare alla biglietteria."),
        (15, "C", 30, "Ha fatto il giro di prova in biglietteria. Ha corretto un orario esposto."),
        team="Vallate",
        plans=_goal(
            "Tra gli autobus", "Tirocinio in biglietteria", "Gli orari li so tutti", "giorni alla settimana", "0",
            "4", 60, "Convenzione col deposito", 85,
        ),
    ),
    _brief(
        "Zsófia", "Kovács", "sara", 52, "active", "f", "1994-02-09", "Ungheria", "Forlì", "229",
        "Violinista, affitto in nero.",
        (
            49, "C", 40,
            "Suona ai matrimoni. Paga 400 euro in contanti e non ha la residenza, quindi non ha il medico.",
        ),
        (27, "R", 30, "Il proprietario accetta il contratto se glielo prepariamo noi."),
        (2, "T", 10, "Contratto registrato. Domani va in Comune."), service="Sportello casa",
        plans=_goal(
            "Una residenza", "Contratto registrato e residenza", "Esisto quando suono, poi no", "pratiche", "0 di 2",
            "2 di 2", 20, "Residenza in Comune", 35, 12,
        ),
    ),
    _brief(
        "Piera", "Dall'Agata", "davide", 400, "closed", "f", "1969-06-18", IT, "Santa Sofia", "230",
        "Sarta a domicilio, partita IVA.",
        (395, "C", 45, "Cuce per mezzo paese, in nero. Vuole smettere di avere paura."),
        (180, "R", 40, "Aperta la partita IVA in regime forfettario, con il consulente."),
        (96, "C", 20, "Ha fatto la prima fattura. L'ha incorniciata."), team="Vallate",
        moves={"closing": 94, "closed": 90},
        ending=("self_employed", "Sarta in proprio, partita IVA aperta.", "davide"),
        plans=_goal(
            "In regola", "Aprire la partita IVA", "Voglio dormire", "partita IVA", "no", "sì", -100, "Consulente",
            350, -110,
        ),
    ),
    _brief(
        "Hamza", "Chaudhry", "marco", 3, "reported", "m", "1996-03-13", "Pakistan", "Forlì", "231",
        "Segnalato dalla moschea: cerca un corso di italiano e un lavoro.",
        who={"languages": "urdu, punjabi", "italian": "little", "mediator_language": "urdu"},
    ),
    _brief(
        "Adriana", "Benedetti", None, 5, "received", "f", "1963-03-03", IT, "Forlì", "232",
        "Ha perso il lavoro e la sorella nello stesso mese.", case={"priority": 1, "source": "Medico di base"},
    ),
    _brief(
        "Jean-Baptiste", "Kouassi", None, 2, "received", "m", "1990-06-24", "Costa d'Avorio", "Forlì", "233",
        "Autista con la CQC, cerca da subito.", case={"source": "Si è presentato da solo"},
    ),
    _brief(
        "Mariagrazia", "De Santis", None, 12, "received", "f", "1982-10-30", IT, "Predappio", "234",
        "Sfratto, tre figli.", team="Vallate", service="Sportello casa", case={"source": "Comune di Predappio"},
    ),
    _brief(
        "Oscar", "Bellini", "davide", 36, "not_taken", "m", "1955-05-01", IT, "Forlì", "235",
        "Cercava assistenza domiciliare.", team="Vallate",
        ending=(None, "Non è il nostro servizio: accompagnato allo sportello sociale.", "davide"),
    ),
    _brief(
        "Anneliese", "Weiß", "sara", 170, "active", "f", "1974-12-19", "Germania", "Forlì", "236",
        "Traduttrice, casa da lasciare.",
        (166, "C", 45, "Traduce manuali tecnici da vent'anni. La casa è della ex compagna e va venduta."),
        (46, "V", 40, "Visto un bilocale a Ronco: le piace la luce, non le scale."),
        (31, "T", 5, "Ha preso quello con le scale."), service="Sportello casa",
        who={"languages": "tedesco, inglese, italiano", "italian": "good"},
        plans=_goal(
            "Una scrivania mia", "Trasloco fatto", "Mi basta un tavolo davanti a una finestra", "trasloco", "no",
            "sì", 15, "Contributo per il trasloco", 120, 20,
        ),
    ),
]
# fmt: on
