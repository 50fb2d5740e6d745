using System.Net;
using System.Text;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Server.Tests.Attacks;

/// <summary>
/// Nothing is done for a page that is not ours: every door of the hub that changes something, whichever room maps it, with the session of an administrator, a data officer and a doctor.
/// Source: OWASP Cross-Site Request Forgery Prevention Cheat Sheet; ASVS 5.0 3.5.1 to 3.5.3.
/// </summary>
public sealed class ForeignPageTests(SharedHub shared) : IClassFixture<SharedHub>
{
    private static readonly string[] Roles = ["administrator", "data officer", "doctor"];

    [Fact]
    public async Task No_door_acts_for_a_foreign_page()
    {
        var (app, address, demo) = (shared.Hub.App, shared.Hub.Address, shared.Hub.Demo);
        var doors = Doors(app);
        Assert.True(doors.Count > 70);
        var wrong = new List<string>();
        var passed = 0;
        foreach (var user in demo.Users.Where(u => Roles.Contains(u.Role)))
        {
            using var browser = HubBrowser.Open(address);
            var token = await HubBrowser.SignInAsync(browser, user);
            foreach (var (method, path) in doors)
            {
                async Task<HttpResponseMessage> SendAsync(string? form, params (string Name, string Value)[] headers)
                {
                    using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new FormUrlEncodedContent(form is null ? [] : [new(HubBrowser.TokenField, form)]) };
                    foreach (var (name, value) in headers)
                    {
                        request.Headers.TryAddWithoutValidation(name, value);
                    }

                    return await browser.SendAsync(request);
                }

                // Who may not come in at all is refused before; the others are refused for where they come from.
                foreach (var (name, value) in new[] { ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site"), ("Origin", "https://attacker.example"), ("Origin", "null"), ("Origin", $"http://{address.Host}:1") })
                {
                    using var foreign = await SendAsync(token, (name, value));
                    if (foreign.StatusCode is not (HttpStatusCode.Forbidden or HttpStatusCode.SeeOther or HttpStatusCode.Unauthorized) || (foreign.StatusCode is HttpStatusCode.SeeOther && !IsStepUp(foreign)))
                    {
                        wrong.Add($"{user.Role}: {method} {path} with {name}: {value} answered {(int)foreign.StatusCode}");
                    }
                }

                if (method != "POST")
                {
                    continue;
                }

                using var bare = await SendAsync(null);
                var said = bare.Headers.Location?.ToString() ?? "";
                if (bare.StatusCode is not (HttpStatusCode.BadRequest or HttpStatusCode.Forbidden) && !IsStepUp(bare) && !said.Contains("expired", StringComparison.Ordinal) && said != "/sign-in")
                {
                    wrong.Add($"{user.Role}: {method} {path} without a token answered {(int)bare.StatusCode} {said}");
                }

                passed += bare.StatusCode == HttpStatusCode.BadRequest ? 1 : 0;

                // A body that is no form is a mistake of the caller, never a fault of ours.
                using var strange = new StringContent("{}", Encoding.UTF8, "application/json");
                using var answered = await browser.PostAsync(path, strange);
                if (answered.StatusCode >= HttpStatusCode.InternalServerError)
                {
                    wrong.Add($"{user.Role}: {method} {path} with JSON answered {(int)answered.StatusCode}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        // Refused for the token and for nothing else, or the walk proves nothing.
        Assert.True(passed > 40, $"{passed} doors were reached");
    }

    [Fact]
    public async Task A_page_of_ours_and_a_program_with_its_token_are_let_through()
    {
        var (address, demo) = (shared.Hub.Address, shared.Hub.Demo);
        using var browser = HubBrowser.Open(address);
        var token = await HubBrowser.SignInAsync(browser, demo.Users.First(u => u.Role == "data officer"));
        using var own = new HttpRequestMessage(HttpMethod.Post, "/questions/none") { Content = new FormUrlEncodedContent([new(HubBrowser.TokenField, token), new("candidate", "nobody"), new("decision", "different")]) };
        own.Headers.Add("Sec-Fetch-Site", "same-origin");
        own.Headers.Add("Origin", address.GetLeftPart(UriPartial.Authority));
        Assert.Equal(HttpStatusCode.NotFound, (await browser.SendAsync(own)).StatusCode);

        // Another person's token is none of this session's.
        using var another = HubBrowser.Open(address);
        var theirs = await HubBrowser.SignInAsync(another, demo.Users.First(u => u.Role == "doctor"));
        using var mixed = new FormUrlEncodedContent([new(HubBrowser.TokenField, theirs), new("candidate", "nobody"), new("decision", "different")]);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.PostAsync("/questions/none", mixed)).StatusCode);

        using var program = new HttpClient { BaseAddress = address };
        using var grant = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = demo.Client.Id, ["client_secret"] = demo.Client.Secret, ["scope"] = "system/*.rs" });
        using var foreign = new HttpRequestMessage(HttpMethod.Post, "/oauth/token") { Content = grant };
        foreign.Headers.Add("Origin", "https://app.example");
        Assert.Equal(HttpStatusCode.OK, (await program.SendAsync(foreign)).StatusCode);
    }

    private static bool IsStepUp(HttpResponseMessage answer) => answer.StatusCode == HttpStatusCode.SeeOther && answer.Headers.Location?.ToString().StartsWith("/step-up?returnUrl", StringComparison.Ordinal) == true;

    private static List<(string Method, string Path)> Doors(WebApplication app) =>
    [
        .. from endpoint in app.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
           where endpoint.Metadata.GetMetadata<IAntiforgeryMetadata>() is not { RequiresValidation: false }
           from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["POST", "PUT", "DELETE"]
           where method is not ("GET" or "HEAD" or "OPTIONS")
           // The session of the walk must not end in it.
           let path = Path(endpoint.RoutePattern)
           orderby path == "/sign-out"
           select (method, path),
    ];

    private static string Path(RoutePattern pattern)
    {
        var path = new StringBuilder();
        foreach (var segment in pattern.PathSegments)
        {
            path.Append('/').AppendJoin("", segment.Parts.Select(part => part switch
            {
                RoutePatternParameterPart { Name: "type" or "compartment" } => "Patient",
                RoutePatternParameterPart => "1",
                RoutePatternLiteralPart literal => literal.Content,
                _ => "",
            }));
        }

        return path.Length == 0 ? "/" : path.ToString();
    }
}
