using System.Data.Common;
using System.Text.Json;
using Mach.Data;
using Mach.Fhir.Search;
using Mach.Store.Sealing;

namespace Mach.Store.Writing;

/// <summary>Whether the guards of a commit still hold: against what is stored, and against what the same group writes before it.</summary>
internal sealed class GuardCheck(Db db, WriteSession session, GroupState state, CancellationToken ct)
{
    /// <summary>More changes of a type than this are not looked at one by one: the search is done again instead.</summary>
    private const int MaxChanges = 200;

    private const string ChangedSince = "SELECT v.codec, v.body, v.seq, v.rid, v.vno FROM res r JOIN ver v ON v.seq=r.seq WHERE r.type=@type AND r.seq>@seq AND r.del=0 ORDER BY r.seq LIMIT @n";

    private readonly List<PreparedWrite> _written = [];

    /// <summary>Remembers the resources of a commit of this group that is going to be written.</summary>
    public void Wrote(Pending pending)
    {
        if (state.IsGuarded)
        {
            _written.AddRange(pending.Writes.Where(w => w.Write.Kind == WriteKind.Put));
        }
    }

    public async Task<bool> HoldAsync(IReadOnlyList<Guard> guards)
    {
        foreach (var guard in guards)
        {
            if (state.Broken.Contains(guard) || IsAnsweredByGroup(guard) || (guard.Hashes.Count == 0 && await IsAnsweredByStoreAsync(guard).ConfigureAwait(false)))
            {
                return false;
            }
        }

        return true;
    }

    private bool IsAnsweredByGroup(Guard guard) =>
        _written.Exists(write => write.Write.Type == guard.Query.Type && Answers(write.Write.Body, guard.Query));

    private async Task<bool> IsAnsweredByStoreAsync(Guard guard)
    {
        await using var command = session.Connection.CreateCommand();
        command.Transaction = session.Transaction;
        command.CommandText = db.Sql(ChangedSince);
        Add(command, "type", ResourceTypes.Number(guard.Query.Type));
        Add(command, "seq", guard.Seq);
        Add(command, "n", MaxChanges + 1);
        await using var reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
        for (var read = 0; await reader.ReadAsync(ct).ConfigureAwait(false); read++)
        {
            if (read == MaxChanges || Answers(SealedBody.Read(db.Keys, reader, 0, reader.GetInt64(2), reader.GetInt64(3), reader.GetInt32(4)), guard.Query))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A change is newer than any time that the search can name, so times are left out of it: what might answer breaks the guard.</summary>
    private static bool Answers(ReadOnlyMemory<byte> body, SearchQuery query)
    {
        using var document = JsonDocument.Parse(body);
        return SearchMatcher.Matches(document.RootElement, query with { LastUpdated = [] }, 0);
    }

    private static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }
}
