/** Makes a row of buttons one stop for the Tab key: arrows, Home and End go from button to button, as in every toolbar (ARIA Authoring Practices, toolbar pattern). */
export function oneStop(bar) {
  const buttons = [...bar.querySelectorAll('button')]
  const stand = (at) => { for (const [place, button] of buttons.entries()) button.tabIndex = place === at ? 0 : -1 }
  stand(0)
  bar.addEventListener('focusin', (event) => stand(Math.max(0, buttons.indexOf(event.target))))
  bar.addEventListener('keydown', (event) => {
    const here = buttons.indexOf(document.activeElement)
    const on = getComputedStyle(bar).direction === 'rtl' ? 'ArrowLeft' : 'ArrowRight'
    const back = on === 'ArrowLeft' ? 'ArrowRight' : 'ArrowLeft'
    const to = { [on]: here + 1, [back]: here - 1, Home: 0, End: -1 }[event.key]
    if (here < 0 || to === undefined) return
    event.preventDefault()
    buttons.at(to % buttons.length).focus()
  })
}
