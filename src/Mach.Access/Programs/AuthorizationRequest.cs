using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Mach.Access.Programs;

/// <summary>What a program asks a person for, after all of it was checked.</summary>
public sealed record AuthorizationRequest
{
    public required Client Client { get; init; }
    public required string Redirect { get; init; }
    public string? State { get; init; }

    /// <summary>What it may have of what it asked for; writing is left out.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>What the launch from a record, or the person's choice, says.</summary>
    public LaunchContext Context { get; init; } = LaunchContext.None;

    /// <summary>The person picks somebody first.</summary>
    public bool NeedsPatient { get; init; }

    /// <summary>It was opened from a record, by this person.</summary>
    public bool IsLaunched => Launch is not null;

    internal string Challenge { get; init; } = "";
    internal string? Nonce { get; init; }
    internal string? Launch { get; init; }
    internal string? Prompt { get; init; }
    internal int? MaxAgeSeconds { get; init; }

    /// <summary>Scheme, host and port that the person is led back to, for the policy of the page that asks.</summary>
    public string RedirectOrigin => Uri.TryCreate(Redirect, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" ? uri.GetLeftPart(UriPartial.Authority) : Redirect[..(Redirect.IndexOf(':', StringComparison.Ordinal) + 1)];
}

/// <summary>The outcome of reading one: the request, or where the error goes. An error is told to the person where the program or its address is not known for sure, since nobody is led to an address that was not registered.</summary>
/// <param name="Page">For the person.</param>
/// <param name="Redirect">For the program, by the browser.</param>
public sealed record AuthorizationReading(AuthorizationRequest? Request, AccountProblem? Page, string? Redirect);

/// <summary>Reads and checks what a program asks for.</summary>
/// <remarks>Source: OAuth 2.1 §4.1.1 and §4.1.2.1; RFC 7636 §4.3; RFC 9207 §2; RFC 9700 §4.1; OpenID Connect Core 1.0 §3.1.2; SMART App Launch 2.1.</remarks>
public sealed class AuthorizationReader
{
    private const int MaxState = 1024;
    private readonly Clients _clients;
    private readonly Launches _launches;

    internal AuthorizationReader(Clients clients, Launches launches) => (_clients, _launches) = (clients, launches);

    /// <param name="query">With or without the question mark.</param>
    /// <param name="account">Who is asked.</param>
    public async Task<AuthorizationReading> ReadAsync(HttpContext context, string query, string account, CancellationToken ct)
    {
        var values = QueryHelpers.ParseQuery(query);
        string Of(string name) => values.TryGetValue(name, out var value) && value.Count == 1 ? value[0] ?? "" : "";
        if (await _clients.FindAsync(Of("client_id"), ct) is not { Disabled: false, IsForPeople: true } client)
        {
            return OnPage("program", "Không có ứng dụng này, hoặc ứng dụng đã bị khóa. Hãy báo cho người đã đưa bạn địa chỉ này.", "There is no such program, or it was closed. Tell whoever gave you this address.");
        }

        var redirect = Of("redirect_uri");
        if (redirect.Length == 0 || !client.Redirects.Any(r => ClientRules.IsSameRedirect(r, redirect)))
        {
            return OnPage("redirect", $"Ứng dụng {client.Name} muốn đưa bạn đến một địa chỉ chưa đăng ký, nên việc này dừng ở đây.", $"The program {client.Name} wants to lead you to an address that is not registered, so this ends here.");
        }

        var answer = new Answer(redirect, values.TryGetValue("state", out var states) && states.Count == 1 ? states[0] : null, Issuer.Of(context));
        if (values.Any(v => v.Value.Count > 1) || answer.State?.Length > MaxState)
        {
            return answer.Refuse("invalid_request", "Every parameter once at most, and no long state.");
        }

        return Problem(context, values.ContainsKey, Of, answer) ?? await ReadAsync(client, Of, answer, account, ct);
    }

    private static AuthorizationReading? Problem(HttpContext context, Func<string, bool> has, Func<string, string> of, Answer answer)
    {
        if (has("request") || has("request_uri"))
        {
            return answer.Refuse(has("request") ? "request_not_supported" : "request_uri_not_supported", "Parameters come in the address alone.");
        }

        if (of("response_type") != "code")
        {
            return answer.Refuse(of("response_type").Length == 0 ? "invalid_request" : "unsupported_response_type", "response_type must be code.");
        }

        if (has("response_mode") && of("response_mode") != "query")
        {
            return answer.Refuse("invalid_request", "response_mode is query.");
        }

        // RFC 7636 §4.3: without a method it would be "plain", which gives a stolen code away.
        if (of("code_challenge_method") != "S256" || of("code_challenge") is not { Length: 43 } challenge || !challenge.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            return answer.Refuse("invalid_request", "PKCE is needed: code_challenge with code_challenge_method=S256.");
        }

        var asksForRecord = Access.Scopes.Split(of("scope")).Any(s => s.Contains('/', StringComparison.Ordinal) || s == Access.Scopes.Launch);
        return asksForRecord && of("aud").TrimEnd('/') != Issuer.FhirBase(context)
            ? answer.Refuse("invalid_request", $"aud must be {Issuer.FhirBase(context)}.")
            : null;
    }

    private async Task<AuthorizationReading> ReadAsync(Client client, Func<string, string> of, Answer answer, string account, CancellationToken ct)
    {
        var scopes = Access.Scopes.Split(of("scope")).Select(s => Reduced(s, client)).OfType<string>().Distinct().ToList();
        if (scopes.Count == 0)
        {
            return answer.Refuse("invalid_scope", $"This program may ask people for: {string.Join(' ', client.Scopes)}");
        }

        var request = new AuthorizationRequest
        {
            Client = client,
            Redirect = answer.Redirect,
            State = answer.State,
            Scopes = scopes,
            Challenge = of("code_challenge"),
            Nonce = of("nonce") is { Length: > 0 and <= 255 } nonce ? nonce : null,
            Prompt = of("prompt") is { Length: > 0 } prompt ? prompt : null,
            MaxAgeSeconds = int.TryParse(of("max_age"), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var seconds) ? seconds : null,
        };
        if (!scopes.Contains(Access.Scopes.Launch))
        {
            var person = of("person");
            var picked = new LaunchContext(person.Length > 0 ? person : null);
            var needs = scopes.Contains(Access.Scopes.LaunchPatient) || scopes.Any(s => s.StartsWith("patient/", StringComparison.Ordinal));
            return new(request with { Context = needs && picked.IsFine ? picked : LaunchContext.None, NeedsPatient = needs && (picked.Patient is null || !picked.IsFine) }, null, null);
        }

        return of("launch") is { Length: > 0 } word && await _launches.FindAsync(word, client.Id, account, ct) is { } launched
            ? new(request with { Context = launched, Launch = word }, null, null)
            : answer.Refuse("invalid_request", "The launch is not known, too old, used, or another person's: open the program from the record again.");
    }

    /// <summary>What the program may have of one scope: reading and adding, or reading alone, within what it is registered with; null = nothing.</summary>
    internal static string? Reduced(string asked, Client client)
    {
        string?[] less = FhirScope.Parse(asked) switch
        {
            null => [Access.Scopes.OfSignIn.Contains(asked) ? asked : null],
            { Context: "system" } => [null],
            { MayWrite: false } => [asked],
            var parsed => [Without(parsed, "ud"), Without(parsed, "cud")],
        };
        return less.FirstOrDefault(scope => scope is not null && client.Scopes.Any(s => Access.Scopes.Covers(s, scope)));
    }

    private static string? Without(FhirScope scope, string rights) =>
        string.Concat(scope.Rights.Where(r => !rights.Contains(r, StringComparison.Ordinal))) is { Length: > 0 } left ? (scope with { Rights = left }).ToString() : null;

    private static AuthorizationReading OnPage(string rule, string vi, string en) => new(null, new(rule, vi, en), null);

    /// <summary>An answer to the program, by the browser.</summary>
    internal sealed record Answer(string Redirect, string? State, string Issuer)
    {
        public AuthorizationReading Refuse(string error, string description) => new(null, null, Address(("error", error), ("error_description", description)));

        public string Address(params (string Name, string Value)[] parts)
        {
            List<(string Name, string Value)> all = [.. parts];
            if (State is not null)
            {
                all.Add(("state", State));
            }

            // RFC 9207: who answers, so that one server's answer is not taken for another's.
            all.Add(("iss", Issuer));
            return Redirect + (Redirect.Contains('?', StringComparison.Ordinal) ? '&' : '?') + string.Join('&', all.Select(p => p.Name + "=" + Uri.EscapeDataString(p.Value)));
        }
    }
}
