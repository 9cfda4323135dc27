"""Words for the volumes of the demonstration: names of several origins, places, and the sentences notes are made of."""

WOMEN = """Adele Agata Agnese Alba Alessandra Alessia Alice Ambra Anastasia Angela Anita Anna Annalisa Antonella Arianna Asia Aurora Barbara
Beatrice Benedetta Bianca Bruna Camilla Carla Carlotta Carmela Carolina Caterina Cecilia Chiara Cinzia Clara Claudia Cristina Daniela Debora
Diana Donatella Edda Elena Eleonora Elisa Elisabetta Emanuela Emilia Emma Erica Ester Eva Federica Fernanda Filomena Flavia Franca Francesca
Gabriella Gaia Giada Gigliola Ginevra Gioia Giorgia Giovanna Giuditta Giulia Giuseppina Gloria Grazia Greta Ida Ilaria Ines Irene Iris Ivana
Laura Lara Letizia Lidia Liliana Linda Lisa Loredana Lorella Lorena Lucia Luciana Ludovica Luisa Maddalena Mafalda Manuela Marcella Margherita
Maria Mariangela Marina Marta Martina Matilde Melissa Michela Milena Mirella Miriam Monica Morena Nadia Nicoletta Nives Noemi Norma Ombretta
Ornella Paola Patrizia Piera Raffaella Rebecca Rina Rita Roberta Romina Rosa Rosanna Sabrina Samanta Sandra Sara Serena Silvana Silvia Simona
Sofia Sonia Stefania Susanna Teresa Tiziana Valentina Valeria Vanessa Vera Veronica Viola Virginia Viviana Wanda Zaira""".split()
MEN = """Achille Adriano Alberto Aldo Alessandro Alessio Alfredo Andrea Angelo Antonio Armando Arturo Attilio Aurelio Bruno Carlo Cesare Christian
Claudio Corrado Cosimo Cristiano Daniele Dante Dario Davide Denis Diego Dino Domenico Donato Edoardo Elia Elio Emanuele Emilio Enea Enrico
Enzo Ermanno Ettore Eugenio Fabio Fabrizio Federico Ferdinando Filippo Flavio Francesco Franco Fulvio Gabriele Gaetano Gennaro Giacomo Gianluca
Gianni Gino Giordano Giorgio Giovanni Girolamo Giuliano Giuseppe Graziano Guglielmo Guido Ivan Ivano Jacopo Leonardo Libero Lorenzo Loris Luca
Luciano Luigi Manuel Marcello Marco Mario Massimiliano Massimo Mattia Matteo Maurizio Mauro Michele Mirco Mirko Moreno Nicola Nicolò Nino Oreste
Oscar Otello Ottavio Paolo Pasquale Patrizio Pier Pietro Raffaele Raul Remo Renato Riccardo Rino Roberto Rocco Rodolfo Romano Romeo Ruggero
Salvatore Samuele Sandro Sauro Sebastiano Sergio Silvano Simone Stefano Tiziano Tommaso Tullio Ubaldo Ugo Umberto Valentino Valerio Vincenzo
Vittorio Walter""".split()
SURNAMES = (
    """Abbondanza Agnoletti Alberani Albonetti Alessandrini Altini Amadori Amaducci Ancarani Angelini Antonelli Arfelli Argnani Assirelli
Babbi Babini Bacchi Bagnoli Baldassari Baldi Baldini Ballardini Balzani Bandini Barbieri Barducci Baroncelli Bartoli Bartolini Bassetti Bassi
Battistini Bazzocchi Bedei Bellavista Bellini Belletti Benazzi Benedetti Benericetti Benini Benvenuti Berardi Bernabini Bertaccini Berti Bertozzi
Bettini Bezzi Biagini Bianchi Biguzzi Biondi Biserni Boattini Bolognesi Bombardi Bonavita Bondi Bonetti Bonfiglioli Bonoli Borghesi Borghi Boschi
Bosi Brandolini Briganti Brunelli Bucci Buda Burioli Buscherini Calbucci Caldari Callegati Camporesi Candoli Cangini Cantagalli Cantoni Capacci
Capelli Cappelli Carloni Casadei Casadio Casali Casanova Castagnoli Castellucci Catani Cavina Ceccarelli Ceccaroni Cicognani Cimatti Civenni Collina
Collinelli Conficconi Conti Cortesi Costa Crociani Crudeli Dall'Ara Dall'Agata D'Altri Dalmonte Damiani De Carli De Paoli Degli Angeli Della Chiesa
Drei Donati Dradi Ercolani Errani Evangelisti Fabbri Fabbrica Faggioli Fantini Farneti Farolfi Fattori Ferlini Ferrari Ferretti Ferri Fiori Fiumana
Flamigni Foschi Foschini Francesconi Fratti Frassineti Fusaroli Gagliardi Galassi Galeotti Gallegati Garavini Gardini Garoia Gasperini Gatti Gavelli
Gentili Gentilini Ghetti Ghini Gianessi Ginestri Giorgini Giovannini Giuliani Golinucci Gori Graffieti Gramellini Grandi Gregori Gualdi Guardigli
Guarini Guidi Gurioli Laghi Lama Lanzoni Laghi Leoni Liverani Lolli Lombardi Lucchi Lugaresi Lusi Maestri Maltoni Mambelli Mami Mancini Manuzzi
Maraldi Marchi Mariani Marzocchi Martini Masini Massari Mazza Mazzoni Medri Melandri Menghi Mengozzi Merendi Merlini Milandri Minelli Mingozzi
Missiroli Monti Montanari Montalti Montefiori Morelli Moretti Morigi Mosconi Nanni Nardi Neri Nicolucci Olivetti Orioli Orlandi Ottaviani Padovani
Paganelli Palareti Pagliarani Palmeri Pantani Pasini Pasolini Patrignani Pedrelli Perini Perugini Petrini Piani Piccinini Pieri Pieraccini Pini
Piolanti Pirini Placci Poggi Poggiali Pollini Pozzi Prati Proli Quercioli Raffoni Raggi Randi Rani Ravaglia Ravaioli Ricci Righi Rinaldi Ronchi
Rondoni Rossi Rosetti Ruffilli Rusticali Sabbatini Salaroli Salvigni Samorì Sangiorgi Sansavini Santandrea Santarelli Sartoni Savelli Savini Savorani
Scalini Scarpellini Senzani Serri Severi Silvagni Sirri Solfrini Sozzi Spada Spazzoli Stefanelli Strocchi Succi Tabanelli Tampellini Tassinari
Tedaldi Tesei Tumidei Turci Valbonesi Valentini Valgimigli Valmori Valpiani Vasumi Venturi Versari Vespignani Vici Viroli Visani Vitali Zaccaria
Zaccherini Zaffagnini Zanelli Zanetti Zani Zannoni Zattini Zauli Zoffoli Zoli""".replace("De Carli", "De_Carli")
    .replace("De Paoli", "De_Paoli")
    .replace("Degli Angeli", "Degli_Angeli")
    .replace("Della Chiesa", "Della_Chiesa")
    .split()
)
SURNAMES = [name.replace("_", " ") for name in SURNAMES]

# citizenship, share in a thousand, languages, women, men, surnames
ORIGINS = [
    ("Marocco", 50, "arabo, francese", "Amina Fatima Khadija Naima Rachida Samira Zineb Hanane Souad Latifa", "Ahmed Mohamed Youssef Hassan Rachid Abdelkader Karim Said Mustapha Omar", "Haddad Benali Alaoui Bennani Chraibi El_Amrani El_Idrissi Fassi Lahlou Mansouri Naciri Tazi Zouhair"),
    ("Romania", 60, "rumeno", "Ioana Elena Mihaela Cristina Ștefania Ana Georgiana Alina Ecaterina Simona", "Ion Vasile Gheorghe Mihai Ștefan Andrei Florin Bogdan Șerban Cătălin", "Popescu Ionescu Munteanu Dumitrescu Stan Rusu Ciobanu Popa Dragomir Țurcanu Lăzărescu Bălan"),
    ("Albania", 35, "albanese", "Elira Mimoza Vjollca Blerta Drita Albana Ermira Teuta", "Arben Agim Besnik Ilir Genti Altin Dritan Fatmir", "Hoxha Shehu Prifti Gjoka Dervishi Kola Leka Marku Çela Bardhi"),
    ("Ucraina", 35, "ucraino, russo", "Olena Nataliya Oksana Iryna Svitlana Tetyana Halyna Lyudmyla", "Andriy Oleksandr Volodymyr Mykola Taras Ihor", "Shevchenko Kovalenko Bondarenko Tkachenko Kravchenko Melnyk Shevchuk Polishchuk Marchenko"),
    ("Nigeria", 30, "inglese", "Blessing Joy Grace Precious Patience Faith Mercy Gift", "Emmanuel Samuel Osas Festus Godwin Kelvin Sunday Collins", "Adeyemi Okonkwo Osagie Ehigiator Igbinedion Okafor Nwosu Omoregie Uwagboe"),
    ("Senegal", 25, "wolof, francese", "Fatou Awa Aminata Mariama Ndeye Khady", "Mamadou Cheikh Moussa Ibrahima Modou Abdoulaye", "Diop Ndiaye Fall Sow Ba Sarr Gueye Faye Seck"),
    ("Pakistan", 20, "urdu, punjabi", "Ayesha Sana Nadia Bushra Shazia Rubina", "Muhammad Imran Bilal Usman Tariq Waqas", "Khan Ahmed Hussain Chaudhry Malik Butt Mahmood"),
    ("Bangladesh", 18, "bengalese", "Nasrin Shirin Taslima Rokeya", "Rahim Karim Jahangir Shafiq Alamgir", "Hossain Islam Rahman Miah Uddin Akter Sarkar"),
    ("Cina", 18, "cinese", "Li Xiu Mei Yan Fang Hui", "Wei Jun Ming Lei Hao Bin", "Zhang Wang Chen Lin Hu Zhou Xu"),
    ("Polonia", 12, "polacco", "Agnieszka Małgorzata Łucja Bożena Halina", "Łukasz Paweł Zbigniew Krzysztof Stanisław", "Wiśniewski Kowalczyk Zieliński Wójcik Dąbrowski Łukasik"),
    ("Ghana", 14, "inglese, twi", "Abena Akosua Esi Adwoa", "Kwame Kofi Kwabena Yaw Samuel", "Osei Mensah Asante Boateng Owusu Appiah"),
    ("Filippine", 8, "tagalog, inglese", "Maricel Rosalie Jocelyn Analyn", "Rodel Jomar Arnel Reynaldo", "Santos Reyes Cruz Bautista Dela_Cruz Ramos"),
    ("Perù", 10, "spagnolo", "Rosario Milagros Yolanda Lourdes", "Wilmer Percy Edwin Julio", "Quispe Huamán Flores Rojas Mamani Vásquez"),
    ("Vietnam", 4, "vietnamita", "Thị_Hương Ngọc Lan Thảo", "Văn_Minh Quốc Hải Tuấn", "Nguyễn Trần Phạm Hoàng"),
    ("Germania", 3, "tedesco", "Anneliese Heike Sabine", "Jürgen Uwe Rolf", "Weiß Müller Groß Jäger"),
    ("Tunisia", 15, "arabo, francese", "Habiba Leila Mouna Olfa", "Anis Nizar Lotfi Walid", "Trabelsi Gharbi Jlassi Ben_Salah Mejri"),
]  # fmt: skip
TOWNS = "Forlì Forlì Forlì Forlì Cesena Cesena Forlimpopoli Meldola Bertinoro Predappio Castrocaro Dovadola Galeata Civitella Santa_Sofia Cesenatico Savignano Gatteo Rocca_San_Casciano Modigliana".split()
STREETS = "Ravegnana Emilia Cerchia Bertini Decio_Raggi Campo_di_Marte Gorizia Oriani Pelacano Salinatore Orto_del_Fuoco Vecchiazzano Consolare Firenze Bologna Cava Magnani Zampeschi Nicolò_Copernico Isonzo Costanza_II Dragoni".split()
TEAM_NAMES = "Cesena Mare Rubicone Bidente Savio Faenza Lugo Ravenna Rimini Riccione Imola Cervia Bagnacavallo Alfonsine Russi Brisighella Santarcangelo Cattolica Morciano Novafeltria Verucchio Bellaria Coriano Conselice Massa Cotignola Fusignano Riolo Solarolo Castello Bagno Sarsina Mercato Longiano Gambettola Montiano Roncofreddo Sogliano".split()
SOURCES = [
    "Comune, servizio sociale",
    "CPI",
    "CSM",
    "SerD",
    "UEPE",
    "Caritas",
    "Centro per le famiglie",
    "Medico di base",
    "Scuola",
    "Si è presentato da solo",
    "Parrocchia",
    "Consultorio",
    "Patronato",
    "Ospedale, dimissioni protette",
]
REQUESTS = [
    "Cerca un lavoro con orari che vadano d'accordo con la scuola dei figli.", "Ha perso il lavoro {when} e non sa da dove ricominciare.",
    "Vuole rientrare al lavoro dopo una malattia lunga.", "Chiede un alloggio prima dello sfratto.",
    "Vorrebbe una qualifica: il mestiere lo sa, le carte mancano.", "Chiede aiuto per i documenti e per un corso di italiano.",
    "È in cassa integrazione e vuole un'alternativa prima che finisca.", "Lo manda il servizio: non studia e non lavora da {n} mesi.",
    "Vuole lasciare il lavoro nero e farsi assumere.", "Cerca un tirocinio vicino a casa: non guida.",
]  # fmt: skip
TO_KNOW = [
    "Chiamare solo di mattina",
    "Non lasciare messaggi in segreteria",
    "Serve la mediatrice",
    "Non può fare turni di notte",
    "Limite di peso scritto dal medico",
    "Preferisce parlare con una donna",
    "Non avvisare la famiglia",
]

SLOTS = {
    "when": ["a settembre", "prima di Natale", "a giugno", "da tre mesi", "l'anno scorso", "subito dopo Pasqua"],
    "n": ["due", "tre", "quattro", "cinque", "sei", "otto", "dieci", "dodici"],
    "place": ["al magazzino di Villafranca", "alla mensa della scuola", "al vivaio di Durazzanino", "in panetteria", "alla lavanderia industriale", "alla casa di riposo", "al canile", "in un'officina di Ronco", "alla cooperativa agricola", "in albergo a Cesenatico", "al supermercato di via Bertini", "nella biblioteca di quartiere", "in una falegnameria", "alla serra di Pievesestina"],
    "office": ["il CPI", "il patronato", "l'ufficio casa", "il CAF", "la questura", "il SerD", "il consultorio", "l'anagrafe", "l'INPS", "la scuola serale"],
    "course": ["il corso di muletto", "il corso HACCP", "il corso di italiano A2", "il modulo di sicurezza", "il corso per assistente familiare", "il laboratorio di sartoria", "il corso di computer", "la scuola guida", "il corso di panificazione", "il corso di giardinaggio"],
    "paper": ["la carta d'identità", "l'ISEE", "la DID", "il permesso di soggiorno", "il certificato di invalidità", "le ultime buste paga", "il contratto d'affitto", "la tessera sanitaria", "il certificato di residenza", "la lettera di licenziamento"],
    "who": ["la sorella", "il marito", "la madre", "il figlio grande", "una vicina", "l'educatore", "l'assistente sociale", "un compagno di corso", "il padrone di casa", "la mediatrice"],
    "day": ["lunedì", "martedì", "mercoledì", "giovedì", "venerdì"],
    "firm": ["la ditta di pulizie", "il ristorante", "la cooperativa", "l'agenzia", "l'azienda agricola", "il consorzio", "la tipografia", "il caseificio", "la lavanderia", "il forno"],
    "euro": ["120", "180", "240", "310", "380", "450", "520", "600"],
    "mood": ["È più sereno dell'ultima volta.", "Oggi parla poco.", "Arriva con dieci minuti di anticipo.", "È stanco, si vede.", "Ride, per la prima volta da settimane.", "È preoccupata ma decisa.", "Ha dormito male.", "Sembra sollevata."],
}  # fmt: skip
OPENINGS = {
    "interview": ["Colloquio nel pomeriggio. {mood}", "Viene con {who}. {mood}", "Ci vediamo dopo {n} settimane. {mood}", "Arriva puntuale, con {paper} nella cartellina.", "Colloquio di verifica. {mood}", "È passato senza appuntamento e abbiamo trovato mezz'ora. {mood}"],
    "phone": ["Telefonata di {n} minuti. {mood}", "Ha chiamato lei, dal lavoro di {who}.", "Richiamato in pausa pranzo.", "Al telefono con {who}, poi con la persona.", "Chiama per dire che {day} non può venire."],
    "visit": ["A casa, con {who} presente. La cucina è in ordine.", "Visita domiciliare. Due stanze, una stufa, i compiti sul tavolo.", "Passato a vedere l'alloggio: l'umidità è salita fino alla finestra.", "A casa. Il bambino dormiva, abbiamo parlato piano."],
    "message": ["Messaggio della sera.", "Scrive che {day} ha l'appuntamento.", "Manda la foto di {paper}.", "Risponde al messaggio di ieri."],
    "accompaniment": ["Accompagnata {place}: ci aspettavano.", "Insieme allo sportello: {office} apre alle 9 e c'era già la fila.", "Accompagnato {place} per la prova.", "In autobus fino alla visita: non conosceva la fermata."],
    "meeting": ["Riunione con {office} e {who}.", "Tavolo di rete: {office}, la scuola, noi.", "Confronto in équipe sul caso.", "Incontro a tre con {firm}."],
    "other": ["Lavoro d'ufficio sul fascicolo.", "Scritta la relazione per {office}.", "Ricerca di posti liberi: {n} telefonate."],
}  # fmt: skip
BODIES = [
    "Abbiamo riletto {paper}: manca solo una firma.", "{office_c} risponde entro {n} settimane, così dicono.", "Racconta della prova {place}: le hanno fatto fare tutto, anche il magazzino.",
    "Non è andato {place}, la sveglia non ha suonato. L'ha detto lui, senza scuse.", "Per {course} c'è posto dal mese prossimo e costa {euro} euro.", "Ha cominciato {course}: la prima lezione è piaciuta, la seconda meno.",
    "{firm_c} cerca una persona per {n} mesi, orario spezzato.", "Con {who} le cose vanno meglio, almeno si parlano.", "Il contratto scade tra {n} settimane e nessuno gli ha detto niente.", "Le bollette arretrate sono {euro} euro: proponiamo tre rate.",
    "Vorrebbe lavorare {place}, ci andrebbe in bicicletta.", "Il medico conferma: niente pesi e niente notti per {n} mesi.", "{who_c} può tenere i bambini il {day}, il resto della settimana no.", "Ha portato {paper}, ma è la copia vecchia.",
    "Chiede se {course} vale anche per l'assegno: verifichiamo.", "Abbiamo provato il colloquio due volte: la seconda guardava negli occhi.", "{office_c} non trova la pratica: rimandata con la ricevuta.", "Ha venduto il motorino per pagare l'affitto, adesso si muove a piedi.",
    "Il tutor {place} è contento: arriva presto e chiede prima di fare.", "In busta paga mancano {n} ore, le segniamo e le chiediamo a {firm}.", "La graduatoria si è mossa di {n} posti.", "Sta imparando a usare la posta elettronica con {who}.",
    "Ha scritto da sola la lettera: due errori, un'idea buona.", "Il padrone di casa accetta di aspettare fino a {day}.", "Per {paper} serve la marca da bollo, gliel'abbiamo spiegato con un disegno.", "Le piace stare con gli anziani, meno con i fornelli.",
    "Non vuole più saperne {place}: lo hanno trattato male davanti agli altri.", "Con {firm} si potrebbe fare un tirocinio di {n} mesi.", "Teme che {office} sospenda l'assegno se lavora due giorni.", "Ha un'idea sua: un banco al mercato, e ha già fatto i conti.",
]  # fmt: skip
WORDS = [
    "Se mi prendono, ci vado a piedi",
    "Io lavoro, ma non con lui",
    "Questa volta la finisco",
    "Non voglio l'elemosina",
    "Basta che sia di giorno",
    "A casa non so stare",
    "Prima i bambini, poi io",
    "Mi fido, ma scrivetelo",
    "Ci penso e vi dico",
    "Mia madre diceva la stessa cosa",
    "Adesso so dove andare",
    "Quando ricomincio, richiamo io",
    "Mi vergognavo a chiederlo",
    "Non sono capace, ma imparo",
    "L'ho fatto e non è morto nessuno",
]
NEXT = [
    "Ci risentiamo {day}.",
    "Prossimo passo: {paper}.",
    "Chiamo io {office} domani mattina.",
    "Gli ho scritto l'indirizzo e l'ora su un foglio.",
    "Ne parliamo in équipe {day}.",
    "Aspettiamo la risposta, senza fretta.",
    "Ci vediamo tra {n} settimane.",
    "Da verificare con {firm}.",
    "Ha in mano il numero di {office}.",
    "Prima la visita, poi il resto.",
]
PRIVATE = [
    "Ha parlato di {who}: per ora resta tra noi.",
    "Segnali di un debito con persone che non nomina. Non insistere, restare vicini.",
    "In cura da {n} mesi, il medico è d'accordo a sentirci.",
    "Chiede di non scrivere dove lavora {who}.",
    "Ho avuto l'impressione che avesse paura di tornare a casa.",
    "C'è una denuncia in corso: parlarne solo in équipe.",
]
NEEDS = [
    ("work", "Un lavoro stabile vicino a casa"),
    ("work", "Un primo contratto regolare"),
    ("training", "Una qualifica riconosciuta"),
    ("training", "Riconoscimento del titolo di studio"),
    ("language", "Italiano orale"),
    ("language", "Italiano scritto per il lavoro"),
    ("mobility", "Patente B"),
    ("mobility", "Raggiungere i turni dell'alba"),
    ("care", "Custodia dei figli dopo le 16"),
    ("care", "Sollievo nell'assistenza alla madre"),
    ("money", "Debiti e rate arretrate"),
    ("housing", "Un alloggio adeguato alla famiglia"),
    ("housing", "Evitare lo sfratto"),
    ("health", "Riprendere le visite"),
    ("documents", "Rinnovo del permesso di soggiorno"),
    ("documents", "Residenza"),
    ("network", "Conosce poche persone in città"),
    ("skills", "Usare il computer senza aiuto"),
]
GOALS = [
    ("Lavorare 20 ore alla settimana", "ore di lavoro a contratto", "0", "20"), ("Finire il corso e avere l'attestato", "ore frequentate", "0", "80"), ("Prendere la patente B", "esami superati", "0 di 2", "2 di 2"),
    ("Un contratto d'affitto a proprio nome", "contratto firmato", "no", "sì"), ("Tre mesi nello stesso posto", "mesi di contratto", "0", "3"), ("Chiudere i debiti della luce", "euro arretrati", "380", "0"), ("Parlare italiano al lavoro", "livello", "A1", "A2"),
    ("Quattro mattine di tirocinio alla settimana", "mattine", "0", "4"), ("Documenti in ordine", "documenti pronti", "1 di 4", "4 di 4"), ("Uscire di casa ogni giorno", "giorni alla settimana", "2", "6"),
]  # fmt: skip
ACTIONS = [
    "Preparare il curriculum",
    "Iscriversi a {course}",
    "Portare {paper}",
    "Chiamare {office}",
    "Visita {place}",
    "Colloquio con {firm}",
    "Chiedere le rate",
    "Accompagnamento da {office}",
    "Parlare con {who}",
    "Domanda di contributo",
    "Prova di una settimana {place}",
]
TODOS = [
    "Richiamare {day}",
    "Chiedere {paper}",
    "Sollecitare {office}",
    "Sentire {firm}",
    "Mandare il modulo per {course}",
    "Preparare la relazione per {office}",
    "Fissare la visita {place}",
]
PURPOSES = [
    "Un lavoro che si tiene",
    "Una casa e poi il resto",
    "Ricominciare un passo alla volta",
    "Restare dove si sta bene",
    "Imparare un mestiere",
    "Orari che stanno in un'agenda",
    "Le carte in regola",
]
OUTCOME_NOTES = [
    "Ha firmato {day}. Sa che può tornare.",
    "Il percorso finisce qui, con una stretta di mano.",
    "Non risponde da {n} settimane: chiudiamo e lasciamo la porta aperta.",
    "Trasferita dalla famiglia.",
    "Assunzione confermata da {firm}.",
]
PLACES = ["Sala colloqui 1", "Sala colloqui 2", "Stanza piccola", "Sportello", "Sede staccata"]
