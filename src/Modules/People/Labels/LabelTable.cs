using System.Data.Common;
using System.Text.Json;
using Dapper;
using Mach.Contracts.People;
using Mach.Data;

namespace Mach.People.Labels;

/// <summary>Reads ppl_label and makes its rows.</summary>
internal sealed class LabelTable(Db db)
{
    public static readonly Label Confidential = new("security", PersonLabel.ConfidentialitySystem, PersonLabel.VeryRestricted, "very restricted");
    public static readonly Label Test = new("tag", PersonLabel.ReasonSystem, PersonLabel.TestCode, "test health data");

    /// <summary>The same where http://hl7.org/fhir/R4/security-labels.html has it: others may have written it there.</summary>
    public static readonly Label TestAsSecurity = Test with { List = "security" };

    /// <summary>Labels of these Patients; who never had one is left out.</summary>
    public async Task<IReadOnlyDictionary<string, PersonLabels>> FindAsync(IReadOnlyCollection<string> patients, CancellationToken ct)
    {
        if (patients.Count == 0)
        {
            return new Dictionary<string, PersonLabels>();
        }

        var statement = new BriefStatement(db.Sql(Select + " WHERE patient {in:patients}")).With("patients", JsonSerializer.Serialize(patients));
        return await db.AskAsync(statement, ReadAsync, ct);
    }

    private static async Task<IReadOnlyDictionary<string, PersonLabels>> ReadAsync(DbDataReader reader)
    {
        var labels = new Dictionary<string, PersonLabels>(StringComparer.Ordinal);
        while (await reader.ReadAsync())
        {
            labels[reader.GetString(0)] = (PersonLabels)reader.GetInt32(1);
        }

        return labels;
    }

    public async Task<IReadOnlyList<string>> AllAsync(PersonLabels label, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        var rows = await connection.QueryAsync<LabelRow>(new CommandDefinition(Select + " WHERE labels > 0 ORDER BY patient", cancellationToken: ct));
        return [.. rows.Where(r => ((PersonLabels)r.Labels & label) != 0).Select(r => r.Patient)];
    }

    /// <summary>For the commit that makes this version of the Patient.</summary>
    public static TableRows Row(string patient, int version, PersonLabels labels) =>
        new("ppl_label", [("patient", ColumnType.Text), ("version", ColumnType.Integer), ("labels", ColumnType.Integer)], [[patient, version, (int)labels]], ["patient"]);

    /// <summary>What was read out of a version some time ago; it does not replace what a later version said.</summary>
    public Task<int> TakeUpAsync(DbConnection connection, DbTransaction transaction, string patient, int version, PersonLabels labels, CancellationToken ct) =>
        connection.ExecuteAsync(new CommandDefinition(db.Sql(TakeUp), new { patient, version, labels = (int)labels }, transaction, cancellationToken: ct));

    private sealed record LabelRow
    {
        public string Patient { get; init; } = "";
        public int Labels { get; init; }
    }

    private const string TakeUp = """
        INSERT INTO ppl_label(patient, version, labels) VALUES (@patient, @version, @labels)
        ON CONFLICT (patient) DO UPDATE SET version = excluded.version, labels = excluded.labels WHERE excluded.version > ppl_label.version
        """;
    private const string Select = "SELECT patient AS Patient, labels AS Labels FROM ppl_label";
}
