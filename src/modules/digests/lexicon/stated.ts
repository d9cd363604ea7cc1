/** The line above a list of those who signed. */
export const signedBy = /^(?:signed(?: by)?(?: \d+ organi[sz]ations)?|signator(?:y|ies)(?: organi[sz]ations)?|(?:the )?undersigned(?: organi[sz]ations)?|firman|firmantes|firmado por|organizaciones firmantes|signé par|signataires|(?:les )?organisations signataires|الموقعون|الموقعات والموقعون|المنظمات الموقعة|وقعت|חתמו|החתומים|החותמים|הארגונים החתומים|ארגונים חותמים)\s*:?$/iu

/** The heading of what a press release tells editors only. */
export const notesToEditors = /^(?:notes? (?:to|for) (?:the )?editors?|notas? para (?:los )?editores|notas? a la redacción|notes? aux (?:rédactions|rédacteurs|journalistes)|ملاحظات? (?:إلى ال|لل)محررين|הערות לעורכים)\s*:?$/iu

/** "90-minute", "90 minutes": how long something takes. */
export const statesMinutes = /(?<![\p{N}.,])(\d{1,3})[\s-]*(?:minutes?|min\.|minutos?|دقيقة|دقائق|דקות)(?!\p{L})/giu

/** What stands before a list of demands, with whom they are made to: "We are calling on the Assembly to:". */
export const askedOf = [
  /\b(?:call(?:s|ing|ed)? (?:up)?on|urg(?:e|es|ing|ed)|ask(?:s|ing|ed)?|wants? to see|demand(?:s|ing|ed)? (?:that|of|from))\s+(?<who>[^:]{2,200}?)(?:\s+to)?\s*:$/iu,
  /(?:^|[.!?]\s+)(?<who>[^.!?:]{2,120}?) must\s*:$/iu,
  /\b(?:pid(?:e|en)|pedimos|exig(?:e|en|imos)|inst(?:a|an|amos)|llama(?:n|mos)?)\s+(?:a\s+)?(?<who>[^:]{2,200}?)\s+(?:a|que)\s*:$/iu,
  /\b(?:appel(?:le|lent|ons)|demand(?:e|ent|ons)|exhort(?:e|ent|ons))\s+(?:à\s+|aux?\s+)?(?<who>[^:]{2,200}?)\s+(?:à|de|que)\s*:$/iu,
  /(?:ندعو|تدعو|نطالب|تطالب)\s+(?<who>[^:]{2,200}?)(?:\s+(?:إلى|بما يلي|بأن|ب))?\s*:$/u,
  /(?:קורא(?:ת|ים|ות)?|דורש(?:ת|ים|ות)?)\s+(?:ל|מ)(?<who>[^:]{2,200}?)\s*:$/u,
]
