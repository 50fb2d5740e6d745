using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using Mach.Data;
using Mach.People.Index;
using Mach.People.Pairs;
using Mach.Store;

namespace Mach.People.Questions;

/// <summary>One entry of ppl_decision.</summary>
public sealed record DecisionRow
{
    public const string Same = "same";
    public const string Different = "different";
    public const string Undone = "undone";

    public string Question { get; init; } = "";
    public string Candidate { get; init; } = "";
    public long AtUs { get; init; }
    public string Decision { get; init; } = "";
    public string Officer { get; init; } = "";
    public string Why { get; init; } = "";
}

/// <summary>
/// The data officer's decisions. "Same person" links the two Patients both ways and rewrites nothing, so that it can be undone;
/// "different persons" leaves the provisional one as a person of its own.
/// </summary>
internal sealed class Decisions(RecordStore store, PairTable pairs, Verdicts verdicts, TimeProvider clock)
{
    /// <summary>Decisions about these questions, oldest first.</summary>
    public async Task<ILookup<string, DecisionRow>> ListAsync(IEnumerable<string> questions, CancellationToken ct)
    {
        await using var connection = await store.Db.OpenAsync(ct);
        var rows = await connection.QueryAsync<DecisionRow>(new CommandDefinition(store.Db.Sql(Select + " WHERE question {in:questions} ORDER BY at_us"), new { questions = JsonSerializer.Serialize(questions) }, cancellationToken: ct));
        return rows.ToLookup(r => r.Question, StringComparer.Ordinal);
    }

    /// <param name="decision">same, different or undone.</param>
    /// <returns>False when the question or the candidate is unknown, or somebody decided at the same moment.</returns>
    public async Task<bool> DecideAsync(string questionId, string candidate, string decision, string officer, string why, CancellationToken ct)
    {
        var question = (await QuestionTable.FindAsync(store.Db, [questionId], ct)).GetValueOrDefault(questionId);
        if (question is null || !question.CandidateIds.Contains(candidate))
        {
            return false;
        }

        var earlier = (await ListAsync([questionId], ct))[questionId].Where(d => d.Candidate != candidate).GroupBy(d => d.Candidate).Count(g => g.Last().Decision != DecisionRow.Undone);
        var open = question.CandidateIds.Count - earlier - (decision == DecisionRow.Undone ? 0 : 1);
        var writes = await LinkWritesAsync(question.Patient, candidate, decision == DecisionRow.Same, ct);
        var now = Instants.Us(clock.GetUtcNow());
        var (a, b) = PairRow.Order(question.Patient, candidate);
        var pair = await pairs.FindAsync(a, b, ct) ?? new PairRow { PatientA = a, PatientB = b };
        try
        {
            await store.CommitAsync(
                new Commit
                {
                    Writes = writes,
                    Actor = officer,
                    Rows =
                    [
                        QuestionTable.Row(question with { Status = open > 0 ? QuestionRow.Waiting : QuestionRow.Decided }),
                        Row(new DecisionRow { Question = questionId, Candidate = candidate, AtUs = now, Decision = decision, Officer = officer, Why = why }),
                        // The look for doubles must know it too: what was decided here is neither asked nor linked there.
                        .. verdicts.Rows(new VerdictWanted(a, b, decision, officer, why), pair, await pairs.LastVerdictAsync(ct) + 1),
                    ],
                },
                ct);
            return true;
        }
        catch (CommitConflictException)
        {
            return false;
        }
    }

    private async Task<List<Write>> LinkWritesAsync(string provisional, string candidate, bool link, CancellationToken ct)
    {
        var writes = new List<Write>();
        foreach (var (id, other, type) in new[] { (provisional, candidate, "replaced-by"), (candidate, provisional, "seealso") })
        {
            if (await store.ReadAsync("Patient", id, ct) is { IsDeleted: false } patient && WithLink(patient.Body, other, type, link) is { } body)
            {
                writes.Add(new Write(WriteKind.Put, "Patient", id, body, patient.Version));
            }
        }

        return writes;
    }

    /// <summary>The body with the link added or taken away; null when it already is so.</summary>
    private static byte[]? WithLink(ReadOnlyMemory<byte> body, string other, string type, bool link)
    {
        var root = JsonNode.Parse(body.Span)!.AsObject();
        var links = root["link"] as JsonArray ?? [];
        var known = links.FirstOrDefault(l => (string?)l?["other"]?["reference"] == "Patient/" + other);
        if (known is not null == link)
        {
            return null;
        }

        if (known is not null)
        {
            links.Remove(known);
        }
        else
        {
            links.Add((JsonNode)new JsonObject { ["other"] = new JsonObject { ["reference"] = "Patient/" + other }, ["type"] = type });
        }

        root.Remove("link");
        if (links.Count > 0)
        {
            root["link"] = links;
        }

        return GoldenPatient.Bytes(root);
    }

    private static TableRows Row(DecisionRow d) => new(
        "ppl_decision",
        [("question", ColumnType.Text), ("candidate", ColumnType.Text), ("at_us", ColumnType.BigInt), ("decision", ColumnType.Text), ("officer", ColumnType.Text), ("why", ColumnType.Text)],
        [[d.Question, d.Candidate, d.AtUs, d.Decision, d.Officer, d.Why]],
        []);

    private const string Select = """
        SELECT question AS Question, candidate AS Candidate, at_us AS AtUs, decision AS Decision, officer AS Officer, why AS Why
        FROM ppl_decision
        """;
}
