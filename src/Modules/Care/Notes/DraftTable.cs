using System.Data.Common;
using System.Security.Cryptography;
using Dapper;
using Mach.Data;
using Mach.Kernel;
using Mach.Store.Sealing;

namespace Mach.Care.Notes;

/// <summary>Table car_draft and its texts. Each statement names the author: a draft of somebody else is not there.</summary>
internal sealed class DraftTable(Db db, TimeProvider clock)
{
    private const string Table = "car_draft", Texts = "car_draft_text";

    /// <summary>So many states of a text are kept to begin from; pages that began from older ones send theirs along.</summary>
    private const int KeptRevisions = 400;

    /// <summary>A signing that has not ended by then was cut off.</summary>
    private static readonly TimeSpan LongestSigning = TimeSpan.FromSeconds(30);

    private const int KeyBytes = 32, MostListed = 50;

    public static IReadOnlyList<SealedTable> Sealed { get; } = [new(Table, "id", "made_us", ["local_key"]), new(Texts, "draft", "revision", ["body", "sent"])];

    private sealed record Row
    {
        public string Id { get; init; } = "";
        public string Author { get; init; } = "";
        public string Patient { get; init; } = "";
        public string? Encounter { get; init; }
        public string Template { get; init; } = "";
        public string State { get; init; } = "";
        public long Revision { get; init; }
        public long Version { get; init; }
        public long MadeUs { get; init; }
        public long ChangedUs { get; init; }
        public byte[] LocalKey { get; init; } = [];
    }

    private sealed record TextRow
    {
        public long Revision { get; init; }
        public string Tab { get; init; } = "";
        public long Number { get; init; }
        public byte[] Body { get; init; } = [];
        public byte[]? Sent { get; init; }
    }

    /// <summary>A new draft with its first text.</summary>
    public async Task<Draft> BeginAsync(string author, string patient, string? encounter, NoteTemplate template, CancellationToken ct)
    {
        var (id, now) = (Ids.New(), Us(clock.GetUtcNow()));
        var key = RandomNumberGenerator.GetBytes(KeyBytes);
        var row = new Row { Id = id, Author = author, Patient = patient, Encounter = encounter, Template = template.Key, State = "draft", Revision = 1, MadeUs = now, ChangedUs = now, LocalKey = db.Keys.Seal(SealedTable.Place(Table, "local_key", id, now), key) };
        await db.WriteAsync(async (connection, transaction) =>
        {
            await connection.ExecuteAsync(new CommandDefinition(Insert, row, transaction, cancellationToken: ct));
            await AddTextAsync(connection, transaction, id, 1, "", 0, template.Begin(), null, ct);
            return 0;
        }, ct);
        return Read(row with { LocalKey = key }, isOpened: true);
    }

    /// <summary>Null when the author has none of that id.</summary>
    public async Task<Draft?> FindAsync(string author, string id, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(ById, new { id, author }, cancellationToken: ct)) is { } row ? Read(row) : null;
    }

    /// <summary>Drafts that wait to be signed, newest first.</summary>
    /// <param name="patients">Of these alone; null = of all.</param>
    public async Task<IReadOnlyList<Draft>> OpenOfAsync(string author, IReadOnlyList<string>? patients, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(OpenOf, new { author, most = MostListed }, cancellationToken: ct));
        return [.. rows.Where(r => patients is null || patients.Contains(r.Patient, StringComparer.Ordinal)).Select(r => Read(r))];
    }

    /// <summary>The text as it was last saved.</summary>
    public async Task<NoteText> TextAsync(Draft draft, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        return await TextAsync(connection, null, draft.Id, draft.Revision, ct) is { } row ? Body(draft.Id, row) : NoteText.Empty;
    }

    /// <summary>Saves what a page sends, brought together with what others saved since it began. Nothing is written when it says nothing new.</summary>
    public async Task<Saved> SaveAsync(string author, string id, Saving saving, CancellationToken ct)
    {
        while (true)
        {
            var saved = await db.WriteAsync((connection, transaction) => TrySaveAsync(connection, transaction, author, id, saving, ct), ct);
            if (saved is not null)
            {
                return saved;
            }
        }
    }

    /// <summary>Null when somebody else saved in between: once more.</summary>
    private async Task<Saved?> TrySaveAsync(DbConnection connection, DbTransaction transaction, string author, string id, Saving saving, CancellationToken ct)
    {
        if (await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(ById, new { id, author }, transaction, cancellationToken: ct)) is not { } row)
        {
            return new(SavingOutcome.NotThere, 0, NoteText.Empty);
        }

        var head = Body(id, (await TextAsync(connection, transaction, id, row.Revision, ct))!);
        if (Read(row).State != DraftState.Draft)
        {
            return new(Read(row).State == DraftState.Signing ? SavingOutcome.Busy : SavingOutcome.Closed, row.Revision, head);
        }

        var last = saving.Tab.Length == 0 ? null
            : await connection.QuerySingleOrDefaultAsync<TextRow>(new CommandDefinition(LastOfTab, new { id, tab = saving.Tab }, transaction, cancellationToken: ct));
        if (last is not null && last.Number >= saving.Number)
        {
            return new(SavingOutcome.Saved, row.Revision, head);
        }

        // A page goes on from what it sent itself, also where it has not heard yet what became of it.
        var began = last is not null && last.Revision > saving.Base ? Sent(id, last)
            : saving.Base == row.Revision ? head
            : await TextAsync(connection, transaction, id, saving.Base, ct) is { } from ? Body(id, from)
            : saving.Began;
        if (began is null)
        {
            return new(SavingOutcome.NeedsBase, row.Revision, head);
        }

        var merged = NoteText.Merge(began, saving.Text, head);
        if (saving.Text.Says(head) || (merged.Says(head) && saving.Text.Says(began)))
        {
            return new(SavingOutcome.Saved, row.Revision, head);
        }

        var next = row.Revision + 1;
        if (await connection.ExecuteAsync(new CommandDefinition(Advance, new { id, was = row.Revision, next, now = Us(clock.GetUtcNow()) }, transaction, cancellationToken: ct)) == 0)
        {
            return null;
        }

        await AddTextAsync(connection, transaction, id, next, saving.Tab, saving.Number, merged, merged.Says(saving.Text) ? null : saving.Text, ct);
        await connection.ExecuteAsync(new CommandDefinition(Thin, new { id, before = next - KeptRevisions }, transaction, cancellationToken: ct));
        return new(SavingOutcome.Saved, next, merged);
    }

    /// <summary>Changes the state where it is one of <paramref name="from"/>, and, when given, at this revision; false when it is not.</summary>
    public async Task<bool> TurnAsync(string author, string id, IReadOnlyList<DraftState> from, DraftState to, long? revision, CancellationToken ct) =>
        await db.WriteAsync(async (connection, transaction) =>
        {
            var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(ById, new { id, author }, transaction, cancellationToken: ct));
            return row is not null && from.Contains(Read(row).State) && (revision is null || revision == row.Revision)
                && await connection.ExecuteAsync(new CommandDefinition(Turn, new { id, was = row.State, revision = row.Revision, state = Name(to), now = Us(clock.GetUtcNow()) }, transaction, cancellationToken: ct)) > 0;
        }, ct);

    /// <summary>The row that says that it is signed, for the commit that writes the Composition.</summary>
    public TableRows SignedRow(Draft draft, int version) => new(
        Table,
        [("id", ColumnType.Text), ("author", ColumnType.Text), ("patient", ColumnType.Text), ("encounter", ColumnType.Text), ("template", ColumnType.Text), ("state", ColumnType.Text), ("revision", ColumnType.BigInt), ("version", ColumnType.BigInt), ("made_us", ColumnType.BigInt), ("changed_us", ColumnType.BigInt), ("local_key", ColumnType.Bytes)],
        [[draft.Id, draft.Author, draft.Patient, draft.Encounter, draft.Template, "signed", draft.Revision, (long)version, Us(draft.Made), Us(clock.GetUtcNow()), db.Keys.Seal(SealedTable.Place(Table, "local_key", draft.Id, Us(draft.Made)), draft.LocalKey)]],
        ["id"]);

    /// <summary>Takes a signed note up again: the text of that version is where the correction begins.</summary>
    /// <param name="version">Of the Composition.</param>
    public async Task ReopenAsync(Draft draft, int version, NoteText text, CancellationToken ct) => await db.WriteAsync(async (connection, transaction) =>
    {
        var next = await connection.ExecuteScalarAsync<long>(new CommandDefinition(Newest, new { id = draft.Id }, transaction, cancellationToken: ct)) + 1;
        if (await connection.ExecuteAsync(new CommandDefinition(Reopen, new { id = draft.Id, author = draft.Author, was = draft.Revision, next, version = (long)version, now = Us(clock.GetUtcNow()) }, transaction, cancellationToken: ct)) > 0)
        {
            await AddTextAsync(connection, transaction, draft.Id, next, "", 0, text, null, ct);
        }

        return 0;
    }, ct);

    private async Task AddTextAsync(DbConnection connection, DbTransaction transaction, string id, long revision, string tab, long number, NoteText text, NoteText? sent, CancellationToken ct) =>
        await connection.ExecuteAsync(new CommandDefinition(InsertText, new
        {
            id,
            revision,
            tab,
            number,
            body = db.Keys.Seal(SealedTable.Place(Texts, "body", id, revision), text.ToJson()),
            sent = sent is null ? null : db.Keys.Seal(SealedTable.Place(Texts, "sent", id, revision), sent.ToJson()),
            now = Us(clock.GetUtcNow()),
        }, transaction, cancellationToken: ct));

    private static async Task<TextRow?> TextAsync(DbConnection connection, DbTransaction? transaction, string id, long revision, CancellationToken ct) =>
        await connection.QuerySingleOrDefaultAsync<TextRow>(new CommandDefinition(TextOf, new { id, revision }, transaction, cancellationToken: ct));

    private NoteText Body(string id, TextRow row) => NoteText.Parse(db.Keys.Open(SealedTable.Place(Texts, "body", id, row.Revision), row.Body));

    private NoteText Sent(string id, TextRow row) => row.Sent is { } sent ? NoteText.Parse(db.Keys.Open(SealedTable.Place(Texts, "sent", id, row.Revision), sent)) : Body(id, row);

    private Draft Read(Row row, bool isOpened = false)
    {
        var state = row.State switch { "draft" => DraftState.Draft, "signing" => DraftState.Signing, "signed" => DraftState.Final, _ => DraftState.Dropped };
        var changed = At(row.ChangedUs);
        return new()
        {
            Id = row.Id,
            Author = row.Author,
            Patient = row.Patient,
            Encounter = row.Encounter,
            Template = row.Template,
            State = state == DraftState.Signing && clock.GetUtcNow() - changed > LongestSigning ? DraftState.Draft : state,
            Revision = row.Revision,
            Version = (int)row.Version,
            Made = At(row.MadeUs),
            Changed = changed,
            LocalKey = isOpened ? row.LocalKey : db.Keys.Open(SealedTable.Place(Table, "local_key", row.Id, row.MadeUs), row.LocalKey),
        };
    }

    private static string Name(DraftState state) => state switch { DraftState.Draft => "draft", DraftState.Signing => "signing", DraftState.Final => "signed", _ => "dropped" };

    private static long Us(DateTimeOffset at) => (at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private static DateTimeOffset At(long us) => DateTimeOffset.UnixEpoch.AddTicks(us * TimeSpan.TicksPerMicrosecond);

    private const string Columns = "id AS Id, author AS Author, patient AS Patient, encounter AS Encounter, template AS Template, state AS State, revision AS Revision, version AS Version, made_us AS MadeUs, changed_us AS ChangedUs, local_key AS LocalKey";
    private const string ById = $"SELECT {Columns} FROM car_draft WHERE id=@id AND author=@author";
    private const string OpenOf = $"SELECT {Columns} FROM car_draft WHERE author=@author AND state IN ('draft', 'signing') ORDER BY changed_us DESC LIMIT @most";
    private const string Insert = """
        INSERT INTO car_draft(id, author, patient, encounter, template, state, revision, version, made_us, changed_us, local_key)
        VALUES (@Id, @Author, @Patient, @Encounter, @Template, @State, @Revision, @Version, @MadeUs, @ChangedUs, @LocalKey)
        """;
    private const string InsertText = "INSERT INTO car_draft_text(draft, revision, tab, number, body, sent, at_us) VALUES (@id, @revision, @tab, @number, @body, @sent, @now)";
    private const string TextColumns = "revision AS Revision, tab AS Tab, number AS Number, body AS Body, sent AS Sent";
    private const string TextOf = $"SELECT {TextColumns} FROM car_draft_text WHERE draft=@id AND revision=@revision";
    private const string LastOfTab = $"SELECT {TextColumns} FROM car_draft_text WHERE draft=@id AND tab=@tab ORDER BY revision DESC LIMIT 1";
    private const string Advance = "UPDATE car_draft SET revision=@next, state='draft', changed_us=@now WHERE id=@id AND revision=@was AND state IN ('draft', 'signing')";
    private const string Newest = "SELECT MAX(revision) FROM car_draft_text WHERE draft=@id";
    private const string Thin = "DELETE FROM car_draft_text WHERE draft=@id AND revision<@before";
    private const string Turn = "UPDATE car_draft SET state=@state, changed_us=@now WHERE id=@id AND state=@was AND revision=@revision";
    private const string Reopen = "UPDATE car_draft SET state='draft', revision=@next, version=@version, changed_us=@now WHERE id=@id AND author=@author AND revision=@was AND state='signed'";
}
