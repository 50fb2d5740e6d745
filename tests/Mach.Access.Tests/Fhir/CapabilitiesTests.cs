using System.Net;
using Mach.Data;
using Mach.Fhir.Search;

namespace Mach.Access.Tests.Fhir;

public sealed class CapabilitiesTests
{
    [Fact]
    public async Task Metadata_lists_exactly_the_search_parameters_there_are()
    {
        await using var host = await AccessHost.StartAsync(DbEngine.Sqlite);
        var statement = await (await host.Program().GetAsync("/fhir/metadata")).JsonAsync();
        Assert.Equal("CapabilityStatement", statement.GetProperty("resourceType").GetString());
        Assert.Equal("4.0.1", statement.GetProperty("fhirVersion").GetString());
        Assert.Equal("http://localhost/fhir", statement.GetProperty("implementation").GetProperty("url").GetString());

        var said = new HashSet<string>();
        foreach (var resource in statement.GetProperty("rest")[0].GetProperty("resource").EnumerateArray())
        {
            var type = resource.GetProperty("type").GetString()!;
            foreach (var parameter in resource.GetProperty("searchParam").EnumerateArray())
            {
                var (name, kind) = (parameter.GetProperty("name").GetString(), parameter.GetProperty("type").GetString());
                Assert.True(said.Add($"{type}.{name}:{kind}"), $"{type}.{name} is said twice");
            }

            Assert.Equal(
                ["read", "vread", "update", "patch", "delete", "history-instance", "history-type", "create", "search-type"],
                resource.GetProperty("interaction").EnumerateArray().Select(i => i.GetProperty("code").GetString()));
        }

        var types = ResourceTypes.All;
        var there = types.SelectMany(t => SearchParameters.ForType(t).Select(p => $"{t}.{p.Code}:{p.Kind.ToString().ToLowerInvariant()}"))
            .Concat(types.SelectMany(t => new[] { $"{t}._id:token", $"{t}._lastUpdated:date" }));
        Assert.Equal(there.Order(), said.Order());
    }

    [Fact]
    public async Task Every_parameter_and_include_that_metadata_lists_is_answered()
    {
        await using var host = await (await AccessHost.StartAsync(DbEngine.Sqlite)).WithClientAsync();
        var program = await host.SignedInProgramAsync();
        var statement = await (await program.GetAsync("/fhir/metadata")).JsonAsync();
        foreach (var resource in statement.GetProperty("rest")[0].GetProperty("resource").EnumerateArray())
        {
            var type = resource.GetProperty("type").GetString()!;
            var queries = resource.GetProperty("searchParam").EnumerateArray()
                .Select(p => p.GetProperty("name").GetString()!)
                .Select(name => $"{name}={(SearchParameters.Find(type, name) is { } parameter ? Value(parameter) : name == "_lastUpdated" ? "2026" : "a")}").ToList();
            queries.AddRange(Names(resource, "searchInclude").Select(n => $"_id=x&_include={n}"));
            queries.AddRange(Names(resource, "searchRevInclude").Take(5).Select(n => $"_id=x&_revinclude={n}"));
            foreach (var query in queries)
            {
                var answer = await program.GetAsync($"/fhir/{type}?{query}");
                Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{type}?{query}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
            }
        }
    }

    [Fact]
    public async Task Programs_find_the_token_address()
    {
        await using var host = await AccessHost.StartAsync(DbEngine.Sqlite);
        var smart = await (await host.Program().GetAsync("/fhir/.well-known/smart-configuration")).JsonAsync();
        Assert.Equal("http://localhost/oauth/token", smart.GetProperty("token_endpoint").GetString());
        Assert.Contains("client_credentials", Names(smart, "grant_types_supported"));
        foreach (var address in new[] { "/.well-known/oauth-authorization-server", "/.well-known/openid-configuration" })
        {
            Assert.Equal(smart.GetRawText(), (await (await host.Program().GetAsync(address)).JsonAsync()).GetRawText());
        }
    }

    private static string Value(SearchParameter parameter) => parameter.Kind switch
    {
        SearchKind.Date => "2026",
        SearchKind.Quantity or SearchKind.Number => "5",
        SearchKind.Reference => parameter.Targets is [var first, ..] ? first + "/x" : "Patient/x",
        SearchKind.Composite => string.Join('$', parameter.Components.Select(c => Value(SearchParameters.Find(parameter.Type, c.Code)!))),
        _ => "a",
    };

    private static IEnumerable<string?> Names(System.Text.Json.JsonElement resource, string list) =>
        resource.TryGetProperty(list, out var names) ? names.EnumerateArray().Select(n => n.GetString()) : [];
}
