using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dapper;
using Mach.Access;
using Mach.Access.Audit;
using Mach.Data;
using Mach.Demo;
using Mach.Intake;
using Mach.Server.Demonstration;
using Mach.Server.Hosting;
using Mach.Vietnam.Bhyt;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Server.Tests;

/// <summary>
/// Walks every endpoint of the hub, whichever room maps it, with addresses of real people. An answer without its audit line fails, and so does one that shows a person whom its line
/// does not name. A new endpoint is walked without doing anything for it; a new kind of value in an address has to be given here, or the walk fails.
/// </summary>
public sealed partial class AuditDoorTests
{
    private static readonly DateOnly Today = new(2026, 6, 30);

    /// <summary>Lists about lines of the trail: they hold ids of people, and name the one who was asked for. Each line of them stands under that person already.</summary>
    private static readonly string[] ShowsIdsAlone = ["/audit", "/audit/export.csv", "/audit/export.ndjson", "/audit/flags"];

    [Fact]
    public async Task Every_answer_has_a_line_that_names_whom_it_showed()
    {
        var data = Directory.CreateTempSubdirectory("mach-doors-").FullName;
        var options = new HubOptions { Data = data, Engine = DbEngine.Sqlite, Urls = "http://127.0.0.1:0" };
        var store = await Hub.OpenStoreAsync(options, CancellationToken.None);
        await using var app = Hub.Build(options, store);
        await HubRunner.StartAsync(app, CancellationToken.None);
        await DemoAccounts.EnsureAsync(app.Services.GetRequiredService<Accounts>(), default);
        var walk = await Walk.BeginAsync(app, store.Db);
        var endpoints = app.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<IAllowAnonymous>() is null).ToList();
        Assert.True(endpoints.Count > 80);
        // The sessions of the walk must not end in it.
        foreach (var endpoint in endpoints.OrderBy(e => e.RoutePattern.RawText == "/sign-out"))
        {
            var pattern = "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
            if (endpoint.Metadata.GetMetadata<IEndpointNameMetadata>() is null)
            {
                walk.Wrong.Add($"{pattern} has no name to stand in the trail");
            }

            foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"])
            {
                foreach (var path in walk.Addresses(pattern))
                {
                    await walk.TryAsync(method, pattern, path);
                }
            }
        }

        await app.StopAsync();
        Assert.True(walk.Wrong.Count == 0, string.Join('\n', walk.Wrong));
        // The walk has to see people, or it proves nothing.
        string[] seen = ["/people", "/people/{id}", "/people/{id}/visits/{visit}", "/people/{id}/ips", "/people/{id}/identity", "/people/{id}/family", "/people/match", "/people/new", "/questions/pairs", "/questions/pairs/{one}/{other}", "/questions/family", "/intake/dossiers/{facility}/{**maLk}", "/intake/envelopes/{id}", "/intake/receipts/{id}/{position:int}", "/fhir/{type}", "/fhir/{type}/{id}", "/fhir/_history", "/fhir/Patient/{id}/$everything", "/fhir/Patient/{id}/$summary"];
        Assert.Empty(seen.Except(walk.Showed));
    }

    private sealed partial class Walk
    {
        private readonly Dictionary<string, string[]> _people;
        private readonly AuditReader _reader;
        private readonly (string Name, HttpClient Client, string? Token)[] _callers;
        private readonly Dictionary<string, string> _one;

        private Walk(AuditReader reader, (string, HttpClient, string?)[] callers, Dictionary<string, string[]> people, Dictionary<string, string> one) =>
            (_reader, _callers, _people, _one) = (reader, callers, people, one);

        public List<string> Wrong { get; } = [];

        /// <summary>Patterns whose answers held somebody.</summary>
        public HashSet<string> Showed { get; } = new(StringComparer.Ordinal);

        /// <summary>Takes dossiers of a few people, one of them refused, and signs in a doctor, a data officer, an administrator and a program.</summary>
        public static async Task<Walk> BeginAsync(WebApplication app, Db db)
        {
            var dossiers = new Province(1_000, today: Today).Dossiers().Where(d => !d.IsCheckIn && d.Summary.Get("SO_CCCD") is { Length: 12 }).DistinctBy(d => d.Summary["HO_TEN"]).Take(12).ToList();
            var intake = app.Services.GetRequiredService<IntakeService>();
            var one = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var facility in dossiers.GroupBy(d => d.FacilityCode))
            {
                using var bytes = new MemoryStream();
                EnvelopeWriter.Write(bytes, facility.Key, Today, [.. facility]);
                bytes.Position = 0;
                one["receipt"] = (await intake.TakeAsync(bytes, new IntakeSource("page", "dulieu", null, "hoso.xml"), null, default)).Id;
                (one["facility"], one["maLk"], one["name"], one["number"]) = (facility.Key, facility.First().MaLk, facility.First().Summary["HO_TEN"]!, facility.First().Summary["SO_CCCD"]!);
            }

            await using var connection = await db.OpenAsync(default);
            one["encounter"] = (await connection.QueryFirstAsync<string>("SELECT dossier FROM int_version WHERE ma_lk=@maLk", new { maLk = one["maLk"] }));
            one["patient"] = (await connection.QueryFirstAsync<string>("SELECT patient FROM int_version WHERE ma_lk=@maLk", new { maLk = one["maLk"] }));
            var people = dossiers.ToDictionary(
                d => connection.QueryFirst<string>("SELECT patient FROM int_version WHERE ma_lk=@maLk AND facility=@facility", new { maLk = d.MaLk, facility = d.FacilityCode }),
                d => new[] { d.Summary["HO_TEN"]!, d.Summary["SO_CCCD"]! });
            // Two who may be one, and a family: what data officers are asked.
            var two = people.Keys.Order(StringComparer.Ordinal).Where(p => p != one["patient"]).Take(1).Append(one["patient"]).Order(StringComparer.Ordinal).ToArray();
            await connection.ExecuteAsync("INSERT INTO ppl_pair(patient_a, patient_b, state, bits, reasons, weights, at_us) VALUES (@a, @b, 'waiting', 9, '', '1', 1)", new { a = two[0], b = two[1] });
            await connection.ExecuteAsync("INSERT INTO ppl_kin(patient, relative, kind, state, reasons, source, at_us) VALUES (@a, @b, 'MTH', 'waiting', '', '', 1)", new { a = two[0], b = two[1] });
            one["other"] = two.First(p => p != one["patient"]);
            var address = new Uri(HubRunner.Address(app));
            var demo = DemoAccounts.Describe(address.ToString().TrimEnd('/'));
            var callers = new List<(string, HttpClient, string?)>();
            foreach (var user in demo.Users.Where(u => u.Role is "doctor" or "data officer" or "administrator"))
            {
                var client = HubBrowser.Open(address);
                callers.Add((user.User, client, await HubBrowser.SignInAsync(client, user)));
            }

            var program = new HttpClient { BaseAddress = address };
            using var grant = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = demo.Client.Id, ["client_secret"] = demo.Client.Secret, ["scope"] = "system/*.rs" });
            var granted = await (await program.PostAsync("/oauth/token", grant)).EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
            program.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", granted.GetProperty("access_token").GetString());
            callers.Add((demo.Client.Id, program, null));
            return new Walk(app.Services.GetRequiredService<AuditReader>(), [.. callers], people, one);
        }

        /// <summary>Addresses to try for a pattern, with real values in it.</summary>
        public IEnumerable<string> Addresses(string pattern)
        {
            var ids = pattern switch
            {
                _ when pattern.StartsWith("/fhir", StringComparison.Ordinal) || pattern.StartsWith("/people", StringComparison.Ordinal) => _one["patient"],
                _ when pattern.StartsWith("/intake", StringComparison.Ordinal) => _one["receipt"],
                _ => "1",
            };
            var types = pattern.Contains("{type}", StringComparison.Ordinal) ? pattern.Contains("/{id}", StringComparison.Ordinal) && !pattern.Contains("compartment", StringComparison.Ordinal) ? ["Patient"] : ["Patient", "Encounter", "Condition"] : new[] { "" };
            foreach (var type in types)
            {
                var path = ValuePattern().Replace(pattern, match => match.Groups[1].Value switch
                {
                    "type" => type,
                    "compartment" => "Patient",
                    "id" => ids,
                    "visit" => _one["encounter"],
                    "resource" => _one["patient"],
                    "series" => "heart-rate",
                    "facility" => _one["facility"],
                    "maLk" => Uri.EscapeDataString(_one["maLk"]),
                    "one" => _one[string.CompareOrdinal(_one["patient"], _one["other"]) < 0 ? "patient" : "other"],
                    "other" => _one[string.CompareOrdinal(_one["patient"], _one["other"]) < 0 ? "other" : "patient"],
                    "month" => "2026-01",
                    "version" or "position" or "number" => "1",
                    "name" or "account" or "post" or "proxy" or "consent" or "client" or "grant" or "key" or "launch" or "program" or "code" or "hierarchy" or "op" or "provider" or "kind" or "shift" or "rest" or "note" or "problem" or "allergy" or "place" or "finding" or "board" => "x",
                    var unknown => Unknown(pattern, unknown),
                });
                yield return path;
                if (pattern is "/people" or "/people/match" or "/people/new")
                {
                    yield return path + "?q=" + Uri.EscapeDataString(_one["name"]) + "&name=" + Uri.EscapeDataString(_one["name"]) + "&cccd=" + _one["number"];
                }
            }
        }

        public async Task TryAsync(string method, string pattern, string path)
        {
            foreach (var (name, client, token) in _callers)
            {
                var before = (await _reader.ListAsync(new AuditFilter(Actor: name), 1, null, default)).Lines is [var newest, ..] ? newest.Id : null;
                using var request = new HttpRequestMessage(new HttpMethod(method), path);
                if (method is "POST" or "PUT" or "PATCH")
                {
                    request.Content = token is not null ? new FormUrlEncodedContent([new(HubBrowser.TokenField, token)])
                        : path.EndsWith("_search", StringComparison.Ordinal) ? new FormUrlEncodedContent([]) : new StringContent("");
                }

                using var answer = await client.SendAsync(request);
                var body = await answer.Content.ReadAsStringAsync();
                body += string.Concat(FilePattern().Matches(body).Select(m => Encoding.UTF8.GetString(Convert.FromBase64String(m.Groups[1].Value.Trim()))));
                var lines = (await _reader.ListAsync(new AuditFilter(Actor: name), 20, null, default)).Lines.TakeWhile(l => l.Id != before).ToList();
                if (lines.Count == 0)
                {
                    Wrong.Add($"{name}: {method} {pattern} answered {(int)answer.StatusCode} and left no line");
                    continue;
                }

                // What stands in the address comes back in forms and menus, and shows nothing.
                var asked = Uri.UnescapeDataString(path);
                var shown = _people.Where(p => p.Value.Append(p.Key).Any(v => body.Contains(v, StringComparison.Ordinal) && !asked.Contains(v, StringComparison.Ordinal))).Select(p => p.Key).ToList();
                if (shown.Count > 0)
                {
                    Showed.Add(pattern);
                }

                var named = lines.SelectMany(l => l.Entry.Persons ?? []).ToHashSet(StringComparer.Ordinal);
                if (!ShowsIdsAlone.Contains(pattern) && shown.Find(p => !named.Contains(p)) is { } unnamed)
                {
                    Wrong.Add($"{name}: {method} {pattern} answered {(int)answer.StatusCode} and showed a person whom its line does not name ({shown.Count(p => !named.Contains(p))} of {shown.Count}, {unnamed})");
                }
            }
        }

        private string Unknown(string pattern, string name)
        {
            Wrong.Add($"{pattern}: say in this test what stands for {{{name}}}");
            return "x";
        }

        [GeneratedRegex("<NOIDUNGFILE>([A-Za-z0-9+/=\\s]+)</NOIDUNGFILE>")]
        private static partial Regex FilePattern();

        [GeneratedRegex(@"\{\**([A-Za-z]+)[^}]*\}")]
        private static partial Regex ValuePattern();
    }
}
