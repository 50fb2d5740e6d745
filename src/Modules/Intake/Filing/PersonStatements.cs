using System.Text.Json;
using Dapper;
using Mach.Contracts.People;
using Mach.Intake.Keeping;
using Mach.Intake.Mapping;
using Mach.Store;
using Mach.Vietnam.Bhyt;

namespace Mach.Intake.Filing;

/// <summary>Reads out of the kept dossiers of a person what each of them states about who it is.</summary>
internal sealed class PersonStatements(RecordStore store) : IPersonStatements
{
    public async Task<IReadOnlyList<PersonStatement>> OfAsync(IReadOnlyList<string> patientIds, int most, CancellationToken ct)
    {
        // An Encounter has the id of its dossier, and stands in the compartment of the person whom the dossier is filed under.
        var visits = await store.CompartmentAsync(patientIds, "Encounter", Math.Clamp(most, 1, 500), null, ct);
        var dossiers = JsonSerializer.Serialize(visits.Matches.Select(v => v.Id));
        await using var connection = await store.Db.OpenAsync(ct);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(store.Db.Sql(Select), new { dossiers }, cancellationToken: ct));
        var statements = new List<PersonStatement>();
        foreach (var row in rows.Where(r => patientIds.Contains(r.Patient)))
        {
            var dossier = EnvelopeReader.ReadDossier(Kept.Bytes(store.Db.Keys, Kept.Version, row.Dossier, row.Version, row.Bytes), row.Position, row.Facility);
            statements.Add(new PersonStatement(row.Patient, PersonClaims.Of(dossier, row.Patient), Instants.At(row.TakenUs), row.Account));
        }

        return [.. statements.OrderByDescending(s => s.Claim.AsOf?.Low ?? DateTimeOffset.MinValue)];
    }

    private sealed record Row
    {
        public string Dossier { get; init; } = "";
        public int Version { get; init; }
        public string Patient { get; init; } = "";
        public string Facility { get; init; } = "";
        public string Account { get; init; } = "";
        public int Position { get; init; }
        public long TakenUs { get; init; }
        public byte[] Bytes { get; init; } = [];
    }

    private const string Select = """
        SELECT v.dossier AS Dossier, v.version AS Version, v.patient AS Patient, v.facility AS Facility, v.account AS Account, v.position AS Position, v.taken_us AS TakenUs, v.bytes AS Bytes
        FROM int_version v
        WHERE v.dossier {in:dossiers} AND v.version = (SELECT MAX(l.version) FROM int_version l WHERE l.dossier = v.dossier)
        """;
}
