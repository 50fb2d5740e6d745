using System.Data.Common;
using System.Globalization;
using Dapper;
using Mach.Kernel;

namespace Mach.Access.Looks;

/// <summary>Flags as rows of acc_flag.</summary>
internal static class FlagRows
{
    private const int MostEvidence = 20;

    public const string Columns = "id, rule, account, facility, person, day, severity, count AS Count, evidence, last_line AS LastLine, words, at, changed, state, judged, decided_by AS DecidedBy, decided, note";

    /// <summary>The same rule, account, person and day make the same flag.</summary>
    public static string IdOf(string rule, string account, string person, DateOnly day) => Ids.Derive("flag", rule, account, person, Iso(day));

    /// <summary>Adds what was held against one account for one reason on one day: to the flag that is there, or as a new one.</summary>
    /// <param name="same">Of one rule, account, person and day; in the order of the lines.</param>
    public static async Task AddAsync(DbConnection connection, DbTransaction transaction, IReadOnlyList<LookHit> same, CancellationToken ct)
    {
        var hit = same[0];
        var id = IdOf(hit.Rule, hit.Account, hit.Person, hit.Day);
        var known = await connection.QuerySingleOrDefaultAsync<FlagRow>(new CommandDefinition($"SELECT {Columns} FROM acc_flag WHERE id = @id", new { id }, transaction, cancellationToken: ct));
        var evidence = Scopes.Split(known?.Evidence).Concat(same.SelectMany(h => h.Evidence)).Distinct(StringComparer.Ordinal).ToList();
        var row = new
        {
            id,
            hit.Rule,
            hit.Account,
            hit.Facility,
            hit.Person,
            Day = Iso(hit.Day),
            Severity = (int)same.Max(h => h.Severity),
            First = evidence[0],
            Last = same[^1].Evidence[^1],
            Count = hit.IsMeasured ? Math.Max(known?.Count ?? 0, same.Max(h => h.Count)) : (known?.Count ?? 0) + same.Sum(h => h.Count),
            Evidence = string.Join(' ', evidence.Take(MostEvidence)),
            At = same.Min(h => h.AtUs),
            Changed = Math.Max(known?.Changed ?? 0, same.Max(h => h.AtUs)),
        };
        await connection.ExecuteAsync(new CommandDefinition(known is null ? InsertSql : MoreSql, row, transaction, cancellationToken: ct));
    }

    public static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static string Text(FlagState state) => state.ToString().ToLowerInvariant();

    private const string InsertSql = """
        INSERT INTO acc_flag(id, rule, account, facility, person, day, severity, first_line, last_line, count, evidence, at, changed, state)
        VALUES (@id, @Rule, @Account, @Facility, @Person, @Day, @Severity, @First, @Last, @Count, @Evidence, @At, @Changed, 'open')
        """;

    // A verdict holds for what it saw: twice as much opens the flag again.
    private const string MoreSql = """
        UPDATE acc_flag SET last_line = @Last, count = @Count, evidence = @Evidence, changed = @Changed,
          state = CASE WHEN judged IS NOT NULL AND state <> 'open' AND @Count >= 2 * judged THEN 'open' ELSE state END
        WHERE id = @id
        """;
}

internal sealed class FlagRow
{
    public string Id { get; init; } = "";
    public string Rule { get; init; } = "";
    public string Account { get; init; } = "";
    public string? Facility { get; init; }
    public string Person { get; init; } = "";
    public string Day { get; init; } = "";
    public int Severity { get; init; }
    public long Count { get; init; }
    public string Evidence { get; init; } = "";
    public string LastLine { get; init; } = "";
    public string? Words { get; init; }
    public long At { get; init; }
    public long Changed { get; init; }
    public string State { get; init; } = "";
    public long? Judged { get; init; }
    public string? DecidedBy { get; init; }
    public long? Decided { get; init; }
    public string? Note { get; init; }

    public Flag ToFlag() => new(Id, Rule, Account, Facility, Person, DateOnly.ParseExact(Day, "yyyy-MM-dd", CultureInfo.InvariantCulture), (LookSeverity)Severity, Count,
        [.. Scopes.Split(Evidence).Append(LastLine).Distinct(StringComparer.Ordinal)], Instants.FromUs(At), Instants.FromUs(Changed), Enum.Parse<FlagState>(State, ignoreCase: true))
    {
        Words = Words,
        Judged = Judged,
        DecidedBy = DecidedBy,
        Decided = Decided is { } decided ? Instants.FromUs(decided) : null,
        Note = Note,
    };
}
