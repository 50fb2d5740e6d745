using System.Text.Json;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Mach.Intake.Mapping;
using Mach.Vietnam.Bhyt;

namespace Mach.Intake.Tests.Mapping;

/// <summary>What must hold for any dossier whatever.</summary>
public partial class RoundTripTests
{
    private static readonly MappingContext s_context = new("nguoi-1", "cskcb-25001", DateTimeOffset.UnixEpoch);

    /// <summary>A seed that failed can be put into <c>RandomDossiers.Make</c> to see it again.</summary>
    private static void ForAnyDossier(Action<Dossier> property, int times = 600) =>
        Prop.ForAll(Gen.Choose(0, 10_000_000).ToArbitrary(), seed => property(RandomDossiers.Make(seed)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(times));

    [Fact]
    public void Going_back_from_FHIR_gives_the_same_dossier() => ForAnyDossier(dossier =>
    {
        var resources = DossierMapping.ToFhir(dossier, s_context).Select(r => r.Body).Reverse().ToList();
        Assert.Equal(DossierText.Of(dossier), DossierText.Of(DossierMapping.FromFhir(resources)));
    }, 1500);

    [Fact]
    public void The_same_dossier_gives_the_same_bytes_whenever_it_was_received() => ForAnyDossier(dossier =>
    {
        var first = DossierMapping.ToFhir(dossier, s_context);
        var second = DossierMapping.ToFhir(dossier, s_context with { ReceivedAt = s_context.ReceivedAt.AddDays(40) });
        Assert.Equal(first.Count, second.Count);
        Assert.All(first.Zip(second), pair => Assert.True(pair.First.Body.Span.SequenceEqual(pair.Second.Body.Span)));
    }, 100);

    [Fact]
    public void Ids_are_legal_and_unique_and_the_Encounter_is_first() => ForAnyDossier(dossier =>
    {
        var resources = DossierMapping.ToFhir(dossier, s_context);
        Assert.Equal("Encounter", resources[0].Type);
        Assert.Equal(Mach.Kernel.Ids.Derive(dossier.FacilityCode, dossier.MaLk), resources[0].Id);
        Assert.All(resources, r => Assert.Matches(LegalId(), r.Id));
        Assert.Equal(resources.Count, resources.Select(r => r.Type + "/" + r.Id).Distinct().Count());
    });

    [Fact]
    public void References_inside_the_set_resolve() => ForAnyDossier(dossier =>
    {
        var resources = DossierMapping.ToFhir(dossier, s_context);
        var known = resources.Select(r => $"{r.Type}/{r.Id}").Append("Patient/nguoi-1").Append("Organization/cskcb-25001").ToHashSet();
        foreach (var resource in resources)
        {
            using var json = JsonDocument.Parse(resource.Body);
            foreach (var reference in JsonWalk.Strings(json.RootElement, "reference"))
            {
                Assert.True(reference.StartsWith('#') || known.Contains(reference), $"{resource.Type}/{resource.Id} points at {reference}");
            }
        }
    });

    [Fact]
    public void Every_element_that_R4_requires_is_there() => ForAnyDossier(dossier =>
    {
        foreach (var resource in DossierMapping.ToFhir(dossier, s_context))
        {
            using var json = JsonDocument.Parse(resource.Body);
            Assert.Equal(resource.Type, json.RootElement.GetProperty("resourceType").GetString());
            Assert.Equal(resource.Id, json.RootElement.GetProperty("id").GetString());
            Assert.Empty(R4Required.MissingIn(json.RootElement));
            Assert.Empty(JsonWalk.Empties(json.RootElement, resource.Type));
        }
    });

    [GeneratedRegex(@"^[A-Za-z0-9\-.]{1,64}$")]
    private static partial Regex LegalId();
}
