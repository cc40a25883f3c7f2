"""Dutch towns for made-up practices: name, thousands of people, first and last postcode digits.

Public facts, rounded; only the towns and their postcode ranges are real. Streets and house numbers
are drawn, so an address may or may not exist.
"""

from typing import NamedTuple


class Town(NamedTuple):
    """A town, its weight and its postcode numbers."""

    name: str
    people_thousands: int
    postcode_first: int
    postcode_last: int


_TABLE = """
Amsterdam 930 1011 1109|Rotterdam 670 3011 3089|Den Haag 566 2491 2599|Utrecht 374 3511 3585
Eindhoven 246 5611 5658|Groningen 244 9711 9747|Tilburg 229 5011 5049|Almere 226 1311 1363
Breda 188 4811 4847|Nijmegen 187 6511 6546|Apeldoorn 168 7311 7339|Arnhem 167 6811 6846
Haarlem 167 2011 2037|Enschede 161 7511 7548|Hoofddorp 78 2131 2135|Amersfoort 161 3811 3829
Zaandam 78 1501 1567|Den Bosch 160 5211 5247|Zwolle 134 8011 8045|Leiden 128 2311 2334
Leeuwarden 128 8911 8941|Zoetermeer 128 2711 2729|Dordrecht 122 3311 3329|Ede 122 6711 6718
Maastricht 123 6211 6229|Emmen 109 7811 7828|Naaldwijk 21 2671 2672|Venlo 103 5911 5928
Delft 107 2611 2629|Deventer 103 7411 7435|Alkmaar 112 1811 1827|Helmond 95 5701 5709
Sittard 92 6131 6137|Oss 95 5341 5349|Hilversum 93 1211 1223|Amstelveen 95 1181 1187
Heerlen 87 6411 6422|Hengelo 83 7551 7559|Purmerend 95 1441 1448|Roosendaal 78 4701 4708
Schiedam 81 3111 3125|Vlaardingen 75 3131 3138|Lelystad 84 8211 8245|Leidschendam 79 2261 2267
Almelo 74 7601 7609|Hoorn 76 1621 1628|Gouda 76 2801 2809|Assen 70 9401 9408
Spijkenisse 73 3201 3209|Bergen op Zoom 70 4611 4625|Capelle aan den IJssel 68 2901 2909
Veenendaal 69 3901 3907|Katwijk 67 2221 2225|Zeist 67 3701 3709|Nieuwegein 66 3431 3439
Hardenberg 62 7771 7776|Roermond 60 6041 6045|Heerhugowaard 60 1701 1706|Doetinchem 59 7001 7009
Den Helder 56 1781 1788|Hoogeveen 56 7901 7909|Terneuzen 55 4531 4538
Oosterhout 57 4901 4909|Kampen 55 8261 8267|Rijswijk 57 2281 2289|Woerden 53 3441 3449
Heerenveen 51 8441 8449|Houten 51 3991 3995|Weert 51 6001 6006|Goes 39 4461 4465
Waalwijk 50 5141 5146|Barendrecht 49 2991 2994|Zutphen 48 7201 7207|Middelburg 49 4331 4339
Harderwijk 49 3841 3849|Ridderkerk 47 2981 2989|Soest 47 3761 3769|Kerkrade 45 6461 6469
Medemblik 46 1671 1674|Vlissingen 45 4381 4389|Veldhoven 46 5501 5509|Etten-Leur 44 4871 4879
Zwijndrecht 45 3331 3336|Nijkerk 44 3861 3864|Uden 42 5401 5409|Wageningen 41 6701 6709
Papendrecht 32 3351 3356|Beverwijk 43 1941 1949|Heemskerk 39 1961 1969|Tiel 42 4001 4007
Culemborg 30 4101 4107|IJsselstein 34 3401 3404|Maassluis 35 3141 3147|Winterswijk 29 7101 7109
Steenwijk 18 8331 8334|Meppel 35 7941 7944|Sneek 34 8601 8608|Drachten 45 9202 9206
Delfzijl 24 9931 9936|Veendam 27 9641 9648|Stadskanaal 19 9501 9504|Winschoten 18 9671 9675
Hellevoetsluis 40 3221 3225|Gorinchem 38 4201 4207|Boxtel 33 5281 5283|Geldrop 28 5661 5667
Valkenswaard 31 5551 5556|Panningen 8 5981 5981|Horst 13 5961 5961|Brunssum 27 6441 6446
Geleen 32 6161 6167|Franeker 13 8801 8802|Harlingen 14 8861 8862|Dokkum 13 9101 9103
Emmeloord 26 8301 8305|Dronten 42 8251 8254|Zeewolde 23 3891 3899|Epe 15 8161 8162
Raalte 20 8101 8103|Ommen 9 7731 7731|Coevorden 14 7741 7742|Borne 24 7621 7623
Oldenzaal 32 7571 7577|Losser 13 7581 7582|Lochem 14 7241 7242|Aalten 12 7121 7122
Bussum 33 1401 1406|Naarden 18 1411 1412|Huizen 41 1271 1277|Weesp 20 1381 1384
Uithoorn 30 1421 1423|Aalsmeer 23 1431 1432|Lisse 23 2161 2163|Hillegom 22 2181 2182
Noordwijk 27 2201 2204|Wassenaar 27 2241 2245|Voorburg 40 2271 2275|Bodegraven 20 2411 2411
Texel 14 1791 1797|Schagen 20 1741 1742|Castricum 23 1901 1902|Edam 7 1135 1135
Zierikzee 11 4301 4301|Hulst 11 4561 4561|Steenbergen 12 4651 4652|Veghel 26 5461 5467
"""


def towns() -> tuple[Town, ...]:
    """Return every town of the table."""
    found = []
    for cell in (cell for line in _TABLE.strip().splitlines() for cell in line.split("|")):
        name, people, first, last = cell.rsplit(" ", 3)
        found.append(Town(name, int(people), int(first), int(last)))
    return tuple(found)
