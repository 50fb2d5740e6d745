using System.Net;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Mach.Server.Demonstration;

namespace Mach.Server.Tests.Attacks;

/// <summary>Follows links as a person would, keeps the forms it meets, and looks at every page as a browser reads it.</summary>
internal sealed class Crawl(HttpClient browser, DemoUser user, string hostile, List<string> wrong)
{
    /// <summary>Pages of one kind (one address with other ids) that are opened.</summary>
    private const int OfOneKind = 3;
    private const int MostPages = 400;
    private readonly HtmlParser _parser = new();
    private readonly Dictionary<string, int> _kinds = new(StringComparer.Ordinal);

    /// <summary>Forms by what they send where, each once, with the page they stand on.</summary>
    public Dictionary<string, (string Page, IHtmlFormElement Form)> Forms { get; } = new(StringComparer.Ordinal);
    public int Pages { get; private set; }
    /// <summary>Pages that showed the hostile text, as text.</summary>
    public int Carried { get; private set; }

    public async Task RunAsync()
    {
        var waiting = new Queue<string>(["/", "/account", "/people?q=" + Uri.EscapeDataString(hostile), "/intake?q=" + Uri.EscapeDataString(hostile), "/audit"]);
        var seen = new HashSet<string>(waiting, StringComparer.Ordinal);
        while (waiting.TryDequeue(out var path) && Pages < MostPages)
        {
            if (await OpenAsync(path) is not { } page)
            {
                continue;
            }

            foreach (var link in page.QuerySelectorAll("a[href], [hx-get]").Select(a => a.GetAttribute("href") ?? a.GetAttribute("hx-get")!))
            {
                var next = link.Split('#')[0];
                if (next.StartsWith('?'))
                {
                    next = path.Split('?')[0] + next;
                }

                if (next.StartsWith('/') && !next.StartsWith("//", StringComparison.Ordinal) && !next.StartsWith("/assets", StringComparison.Ordinal) && seen.Add(next) && MayOpen(next))
                {
                    waiting.Enqueue(next);
                }
            }
        }
    }

    /// <summary>Sends a form with hostile text in each field that takes text, once for each of its buttons.</summary>
    public async Task SubmitAsync(string page, IHtmlFormElement form)
    {
        var action = form.GetAttribute("action") is { Length: > 0 } given ? given.StartsWith('?') ? page.Split('?')[0] + given : given : page;
        var buttons = form.QuerySelectorAll("button, input[type=submit]").Where(b => b.GetAttribute("type") is null or "submit").ToList();
        foreach (var button in buttons.Count == 0 ? [null] : buttons.Cast<IElement?>())
        {
            var fields = Fields(form).ToList();
            if (button?.GetAttribute("name") is { Length: > 0 } name)
            {
                fields.Add((name, button.GetAttribute("value") ?? "", false));
            }

            var target = button?.GetAttribute("formaction") is { Length: > 0 } other ? other : action;
            if (form.GetAttribute("method")?.Equals("post", StringComparison.OrdinalIgnoreCase) != true)
            {
                await OpenAsync(target.Split('?')[0] + "?" + string.Join('&', fields.Select(f => f.Name + "=" + Uri.EscapeDataString(f.Value))));
                continue;
            }

            // Each page gives a token that stays good for the session.
            using HttpContent content = fields.Any(f => f.IsFile) ? Multipart(fields) : new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));
            using var answer = await browser.PostAsync(target, content);
            await LookAsync("POST " + target, answer);
            if (answer.Headers.Location?.ToString() is { } there && there.StartsWith('/'))
            {
                if (there.StartsWith("/sign-in", StringComparison.Ordinal))
                {
                    await HubBrowser.SignInAsync(browser, user);
                }
                else
                {
                    await OpenAsync(there);
                }
            }
        }
    }

    private async Task<IHtmlDocument?> OpenAsync(string path)
    {
        using var answer = await browser.GetAsync(path);
        var page = await LookAsync(path, answer);
        foreach (var form in page?.QuerySelectorAll("form").OfType<IHtmlFormElement>() ?? [])
        {
            var names = string.Join(',', Fields(form).Select(f => f.Name).Distinct());
            var key = $"{form.GetAttribute("method")} {Kind(form.GetAttribute("action") ?? path)} {names}";
            if (!key.Contains("/sign-out", StringComparison.Ordinal))
            {
                Forms.TryAdd(key, (path, form));
            }
        }

        return page;
    }

    private async Task<IHtmlDocument?> LookAsync(string path, HttpResponseMessage answer)
    {
        if (answer.StatusCode >= HttpStatusCode.InternalServerError)
        {
            wrong.Add($"{user.Role}: {path} answered {(int)answer.StatusCode}");
        }

        if (answer.Content.Headers.ContentType?.MediaType != "text/html")
        {
            return null;
        }

        Pages++;
        var text = await answer.Content.ReadAsStringAsync();
        var page = _parser.ParseDocument(text);
        foreach (var element in page.All)
        {
            if (element.LocalName.StartsWith("xss", StringComparison.Ordinal)
                || element.Attributes.Any(a => a.Name.Contains("xss", StringComparison.Ordinal) || a.Name.StartsWith("on", StringComparison.Ordinal) || a.Name == "style"
                    || (a.Name is "href" or "src" or "action" or "formaction" or "hx-get" && a.Value.TrimStart().StartsWith("javascript:", StringComparison.OrdinalIgnoreCase)))
                || (element is IHtmlScriptElement { Source: null or "" } script && script.Type is null or "" or "text/javascript" or "module")
                || element is IHtmlStyleElement)
            {
                wrong.Add($"{user.Role}: {path} lets text become <{element.LocalName} {string.Join(' ', element.Attributes.Select(a => a.Name))}>");
                break;
            }
        }

        Carried += page.Body?.TextContent.Contains("<xss", StringComparison.Ordinal) == true || page.QuerySelectorAll("[value]").Any(e => e.GetAttribute("value")!.Contains("<xss", StringComparison.Ordinal)) ? 1 : 0;
        return page;
    }

    private IEnumerable<(string Name, string Value, bool IsFile)> Fields(IHtmlFormElement form)
    {
        foreach (var field in form.QuerySelectorAll("input, textarea, select").Where(f => f.GetAttribute("name") is { Length: > 0 } && !f.HasAttribute("disabled")))
        {
            var (name, value) = (field.GetAttribute("name")!, field.GetAttribute("value") ?? "");
            switch (field)
            {
                case IHtmlSelectElement select:
                    yield return (name, (select.Options.FirstOrDefault(o => o.IsSelected && o.Value.Length > 0) ?? select.Options.FirstOrDefault(o => o.Value.Length > 0))?.Value ?? "", false);
                    break;
                case IHtmlTextAreaElement:
                    yield return (name, hostile, false);
                    break;
                default:
                    switch (field.GetAttribute("type") ?? "text")
                    {
                        case "submit" or "button" or "image" or "reset":
                            break;
                        case "hidden":
                            yield return (name, value, false);
                            break;
                        case "file":
                            yield return (name, hostile, true);
                            break;
                        case "password":
                            yield return (name, user.Password, false);
                            break;
                        case "checkbox" or "radio":
                            yield return (name, value.Length == 0 ? "on" : value, false);
                            break;
                        case "number":
                            yield return (name, value.Length > 0 ? value : field.GetAttribute("min") ?? "1", false);
                            break;
                        case "date" or "datetime-local" or "time" or "month":
                            yield return (name, value.Length > 0 ? value : "2026-06-01", false);
                            break;
                        default:
                            yield return (name, Fit(field.GetAttribute("maxlength")), false);
                            break;
                    }

                    break;
            }
        }
    }

    /// <summary>What fits goes in where it is kept; a field that is too short for it gets as much as it takes.</summary>
    private string Fit(string? maxLength) => int.TryParse(maxLength, out var most) && most < hostile.Length ? hostile[..most] : hostile;

    private static MultipartFormDataContent Multipart(List<(string Name, string Value, bool IsFile)> fields)
    {
        var content = new MultipartFormDataContent();
        foreach (var (name, value, isFile) in fields)
        {
            if (isFile)
            {
                content.Add(new ByteArrayContent(Encoding.UTF8.GetBytes($"MA,TEN\n{value},{value}\n")), name, "../../tai-len.csv");
            }
            else
            {
                content.Add(new StringContent(value), name);
            }
        }

        return content;
    }

    private bool MayOpen(string path)
    {
        var kind = Kind(path);
        _kinds[kind] = _kinds.GetValueOrDefault(kind) + 1;
        return _kinds[kind] <= OfOneKind;
    }

    /// <summary>The address without ids and values.</summary>
    private static string Kind(string path)
    {
        var parts = path.Split('?', 2);
        return string.Join('/', parts[0].Split('/').Select(s => s.Any(char.IsAsciiDigit) || s.Length > 24 ? "*" : s))
            + (parts.Length > 1 ? "?" + string.Join('&', parts[1].Split('&').Select(p => p.Split('=')[0]).Distinct().Order(StringComparer.Ordinal)) : "");
    }
}
