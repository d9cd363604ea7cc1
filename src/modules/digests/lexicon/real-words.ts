const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

/** Words that are one letter away from one that the field uses all the time, and right: `immunity` is no slip of `impunity`. Found by comparing the field's words with the dictionaries of each language. */
export const realWords: Record<string, ReadonlySet<string>> = {
  en: words(`through thorough country county adopted adapted accept except personal personnel retained detained contained causal casual formally formerly military militarily execution executive conscience conscious principle principal
stationary stationery complement compliment prosecution persecution prosecute persecute prosecuted persecuted mission permission region religion immigration emigration immigrants emigrants affects effects elicit illicit eminent imminent
counsel council counsels councils treaty treatise migrants migrant internment interment changes changed charges charged
attached detailed displayed farther heading headings offices present presents project projects projected projection protects protested teaches charmed charred charted contention convection detection distract herring herrings heating healing
heaping heaving injures insured intensity religions resorted resorts retorted retorts revolution throats abusers alloyed auction auctions departed flaring forceps immunity impurity notional polices polities refuges refuted regression regressive
solders statues threads villagers lenders loaders leavers accursed armrests chargers poisoner poisoners ramified smelter swelter wetness defense canceled judgement`),
  fr: words(`contention détection détections projection projections immunité impunie impunies indépendance journalisme libérée libérées sécurise sécurisé sécurisée prisonnière prisonnières défendeur défendeurs déplacèrent
gouvernèrent champagne autorisés autorises devenus violentes violentés bienvenu traitèrent parlèrent refuges régression toiture toitures tortue tortues torturé torturés torturée torturées traînement bienvenue failles procurer parement`),
  es: words(`detección detecciones proyección proyecciones presión presiones colisión colisiones regresión regresiones contención defensoría defensorías abogaba abogaban abogando abonado abonada ahogado ahogada ahogados ahogadas
condesa condona condensa desechos tortuga tortugas champaña campiña prestos ciudadanía`),
}
