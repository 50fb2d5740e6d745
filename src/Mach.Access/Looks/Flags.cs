using Dapper;
using Mach.Access.Audit;
using Mach.Access.SignIn;
using Mach.Data;
using Mach.Kernel;

namespace Mach.Access.Looks;

/// <summary>The flags of unusual looking: found, asked, judged. None is ever taken away, and every verdict leaves a line in the audit trail.</summary>
public sealed class Flags
{
    public const int LeastNote = 10, MostNote = 500, LeastWords = 5, MostWords = 500;

    private readonly Db _db;
    private readonly TimeProvider _clock;
    private readonly AccessLog _log;
    private readonly AuditReader _reader;
    private readonly OpenFlags _open;

    internal Flags(Db db, TimeProvider clock, AccessLog log, AuditReader reader, OpenFlags open) => (_db, _clock, _log, _reader, _open) = (db, clock, log, reader, open);

    /// <summary>Open and escalated ones first, then the gravest, then the newest.</summary>
    public async Task<IReadOnlyList<Flag>> ListAsync(FlagFilter filter, int count, int skip, CancellationToken ct)
    {
        await using var connection = await _db.OpenAsync(ct);
        var rows = await connection.QueryAsync<FlagRow>(new CommandDefinition(
            $"SELECT {FlagRows.Columns} FROM acc_flag WHERE {Where(filter)} ORDER BY CASE state WHEN 'open' THEN 0 WHEN 'escalated' THEN 1 ELSE 2 END, severity DESC, changed DESC, id LIMIT @count OFFSET @skip",
            Parameters(filter, ("count", count), ("skip", skip)), cancellationToken: ct));
        return [.. rows.Select(r => r.ToFlag())];
    }

    public async Task<long> CountAsync(FlagFilter filter, CancellationToken ct)
    {
        await using var connection = await _db.OpenAsync(ct);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition($"SELECT COUNT(*) FROM acc_flag WHERE {Where(filter)}", Parameters(filter), cancellationToken: ct));
    }

    /// <summary>Every verdict over a flag, the oldest first.</summary>
    public async Task<IReadOnlyList<FlagVerdict>> VerdictsAsync(string id, CancellationToken ct)
    {
        await using var connection = await _db.OpenAsync(ct);
        var rows = await connection.QueryAsync<VerdictRow>(new CommandDefinition(VerdictsSql, new { id }, cancellationToken: ct));
        return [.. rows.Select(r => new FlagVerdict(Instants.FromUs(r.At), r.Officer, Enum.Parse<FlagState>(r.State, ignoreCase: true), r.Note, r.Count))];
    }

    /// <summary>A data officer's verdict; who asked finds a notice of it. Nobody judges what they did themselves; an escalated flag waits for another verdict.</summary>
    /// <param name="facility">The officer judges what accounts of this facility did; null = of all.</param>
    /// <returns>False when there is no such flag to be judged by this officer, or it was judged already.</returns>
    /// <exception cref="AccountRuleException">The reason is too short or too long, or it is no verdict.</exception>
    public async Task<bool> DecideAsync(string id, string officer, string? facility, FlagState state, string note, CancellationToken ct)
    {
        var why = note.Trim();
        if (state == FlagState.Open || why.Length is < LeastNote or > MostNote)
        {
            throw new AccountRuleException(new("flag.note", $"Hãy ghi lý do, từ {LeastNote} đến {MostNote} ký tự.", $"Give a reason of {LeastNote} to {MostNote} characters."));
        }

        var now = _clock.GetUtcNow().ToUs();
        var flag = await _db.WriteAsync(async (connection, transaction) =>
        {
            var parameters = new { id, officer, facility, state = FlagRows.Text(state), note = why, now };
            var row = await connection.QuerySingleOrDefaultAsync<FlagRow>(new CommandDefinition(facility is null ? DecideSql + Returning : DecideSql + " AND facility = @facility" + Returning, parameters, transaction, cancellationToken: ct));
            if (row is not null)
            {
                await connection.ExecuteAsync(new CommandDefinition(VerdictSql, new { id, officer, state = FlagRows.Text(state), note = why, now, count = row.Count }, transaction, cancellationToken: ct));
                foreach (var account in row.Rule != LookCodes.Question ? [] : (await connection.QueryAsync<string>(new CommandDefinition(OwnersSql, new { row.Person }, transaction, cancellationToken: ct))).AsList())
                {
                    await connection.ExecuteAsync(new CommandDefinition(Notices.InsertSql, new { Id = Ids.New(), Account = account, Now = now, Kind = Notices.LookAnswered, Device = (string?)null, Address = (string?)null }, transaction, cancellationToken: ct));
                }
            }

            return row;
        }, ct);
        if (flag is not null)
        {
            _open.Forget();
            await _log.RecordAsync(new AccessEvent(officer, "flag-decide", AccessOutcome.Ok, flag.Person.Length == 0 ? null : flag.Person, Detail: $"{id} {FlagRows.Text(state)}"), ct);
        }

        return flag is not null;
    }

    /// <summary>A person asks about a look at their record. One question for each account and day; who looked at their own is not asked.</summary>
    /// <param name="line">Id of the audit line.</param>
    /// <returns>False when the line is not about this person, nobody in particular did it, or it was asked about before.</returns>
    /// <exception cref="AccountRuleException">The words are too few or too many.</exception>
    public async Task<bool> AskAsync(string line, string asker, string person, string words, CancellationToken ct)
    {
        var text = words.Trim();
        if (text.Length is < LeastWords or > MostWords)
        {
            throw new AccountRuleException(new("flag.words", $"Hãy ghi điều muốn hỏi, từ {LeastWords} đến {MostWords} ký tự.", $"Ask in {LeastWords} to {MostWords} characters."));
        }

        if (await _reader.FindAsync(line, ct) is not { } found || found.Entry.Persons?.Contains(person) != true || found.Entry.Actor == asker || found.Entry.Kind is AuditActor.Nobody or AuditActor.House)
        {
            return false;
        }

        var (account, day) = (found.Entry.Actor, LookWindow.Date(found.Entry.AtUs));
        var id = FlagRows.IdOf(LookCodes.Question, account, person, day);
        var isNew = await _db.WriteAsync(async (connection, transaction) => await connection.ExecuteAsync(new CommandDefinition(AskSql, new
        {
            id,
            rule = LookCodes.Question,
            account,
            facility = found.Entry.Facility,
            person,
            day = FlagRows.Iso(day),
            severity = (int)LookSeverity.High,
            line = found.Id,
            words = text,
            at = _clock.GetUtcNow().ToUs(),
        }, transaction, cancellationToken: ct)), ct) == 1;
        if (isNew)
        {
            _open.Forget();
            await _log.RecordAsync(new AccessEvent(asker, "flag-ask", AccessOutcome.Ok, person, Detail: id), ct);
        }

        return isNew;
    }

    private static string Where(FlagFilter filter) => string.Join(" AND ", new[]
    {
        "1 = 1",
        filter.Rule is null ? null : "rule = @rule",
        filter.Account is null ? null : "account = @account",
        filter.Person is null ? null : "person = @person",
        filter.State is null ? null : "state = @state",
        filter.Facility is null ? null : "facility = @facility",
    }.OfType<string>());

    private static DynamicParameters Parameters(FlagFilter filter, params (string Name, object Value)[] more)
    {
        var parameters = new DynamicParameters();
        foreach (var (name, value) in more.Concat([("rule", filter.Rule!), ("account", filter.Account!), ("person", filter.Person!), ("state", filter.State is { } state ? FlagRows.Text(state) : null!), ("facility", filter.Facility!)]))
        {
            if (value is not null)
            {
                parameters.Add(name, value);
            }
        }

        return parameters;
    }

    private sealed class VerdictRow
    {
        public long At { get; init; }
        public string Officer { get; init; } = "";
        public string State { get; init; } = "";
        public string Note { get; init; } = "";
        public long Count { get; init; }
    }

    private const string DecideSql = "UPDATE acc_flag SET state = @state, judged = count, decided_by = @officer, decided = @now, note = @note WHERE id = @id AND state IN ('open', 'escalated') AND account <> @officer";
    private const string Returning = " RETURNING " + FlagRows.Columns;
    private const string VerdictSql = "INSERT INTO acc_flag_verdict(flag, at, officer, state, note, count) VALUES (@id, @now, @officer, @state, @note, @count)";
    private const string VerdictsSql = "SELECT at, officer, state, note, count AS Count FROM acc_flag_verdict WHERE flag = @id ORDER BY at";
    private const string OwnersSql = "SELECT name FROM acc_account WHERE person = @Person AND disabled IS NULL";
    private const string AskSql = """
        INSERT INTO acc_flag(id, rule, account, facility, person, day, severity, first_line, last_line, count, evidence, words, at, changed, state)
        VALUES (@id, @rule, @account, @facility, @person, @day, @severity, @line, @line, 1, @line, @words, @at, @at, 'open')
        ON CONFLICT DO NOTHING
        """;
}
