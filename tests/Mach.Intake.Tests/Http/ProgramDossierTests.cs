using System.Net;
using Mach.Access;
using Mach.Data;
using Mach.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Intake.Tests.Http;

/// <summary>Original dossiers in the hands of programs that act for themselves. Source: docs/adr/0017-programs.md.</summary>
public sealed class ProgramDossierTests
{
    private const string Secret = "khoa-bi-mat-cua-may-doc-ho-so-0001";

    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_program_opens_what_its_facility_wrote_and_else_what_it_sees_all_of(DbEngine engine)
    {
        await using var host = await PortalHost.StartAsync(engine);
        using (var system = await host.SystemAsync())
        {
            (await system.CheckInAsync(Samples.Visit())).Dispose();
        }

        var own = Samples.Visit().FacilityCode;
        // Rows: scopes, facility, purpose, opened.
        foreach (var (scopes, facility, purpose, opened) in new (string[], string?, string?, bool)[]
        {
            (["dossier.read"], null, null, true),
            (["dossier.read"], own, "TREAT", true),
            (["dossier.read"], "99999", "TREAT", false),
            (["dossier.read"], null, "HRESCH", false),
            (["dossier.read", "system/*.rs"], null, "HRESCH", true),
            (["dossier.read", "system/Encounter.rs?status=planned"], null, "HRESCH", false),
        })
        {
            await host.Services.GetRequiredService<Accounts>().EnsureClientAsync("may-doc", Secret, scopes, default, facility, purpose);
            using var program = await host.SystemAsync(null);
            using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = "may-doc", ["client_secret"] = Secret });
            using var told = await program.PostAsync("/oauth/token", form);
            program.DefaultRequestHeaders.Authorization = new("Bearer", (await told.JsonAsync()).GetProperty("access_token").GetString());
            using var answer = await program.GetAsync(Portal.Path(Samples.Visit()));
            Assert.True((opened ? HttpStatusCode.OK : HttpStatusCode.NotFound) == answer.StatusCode, $"{string.Join(' ', scopes)} {facility} {purpose}: {answer.StatusCode}");
        }
    }
}
