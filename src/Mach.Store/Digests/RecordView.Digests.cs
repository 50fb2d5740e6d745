using System.Data.Common;
using System.Text.Json;
using Mach.Fhir.Search;
using Mach.Store.Digests;
using Mach.Store.Reading;
using Mach.Store.Search;

namespace Mach.Store;

public partial class RecordView
{
    /// <summary>Bodies that are asked for in one statement.</summary>
    private const int DigestBodies = 1000;

    private const string PatientHeads = "SELECT fid, rid FROM res WHERE type=@type AND fid {in:ids}";
    private const string ShownBodies = ResourceRow.SelectHead + "WHERE r.rid {longs:rids} AND +r.type=@type AND r.del=0{sight}";

    /// <summary>
    /// Digests of the heads that this caller sees. The caller's sight is asked for each head in a statement of its own, without a body; a body is read only for a version
    /// of which the shelf has no digest. Whom it was shown of is told as if each body had been read.
    /// </summary>
    public async Task<DigestPage<T>> DigestsAsync<T>(DigestShelf shelf, Digest<T> digest, DigestQuery query, CancellationToken ct) where T : class
    {
        ArgumentNullException.ThrowIfNull(shelf);
        ArgumentNullException.ThrowIfNull(digest);
        ArgumentNullException.ThrowIfNull(query);
        await using var connection = await _sight.OpenAsync(Db, ct).ConfigureAwait(false);
        var patients = await PatientNumbersAsync(connection, query.Patients, ct).ConfigureAwait(false);
        var heads = await new HeadList(Db, connection, _sight, TypeNumber(digest.Type), ct).ReadAsync([.. patients.Keys], Hashes(digest.Type, query), query.Most).ConfigureAwait(false);
        var values = new T?[heads.Count];
        // What is decided on a body is never known without it.
        var isKept = !_sight.LooksAtBodies;
        List<int> missing = [];
        if (isKept)
        {
            shelf.Find(digest, heads.ConvertAll(h => h.Seq), values, missing);
        }
        else
        {
            missing = [.. Enumerable.Range(0, heads.Count)];
        }

        var gone = new HashSet<int>(missing);
        foreach (var plain in missing.GroupBy(i => heads[i].IsPlain))
        {
            foreach (var some in plain.Chunk(DigestBodies))
            {
                var read = await ReadBodiesAsync(connection, plain.Key, digest, heads, some, values, gone, ct).ConfigureAwait(false);
                if (isKept)
                {
                    shelf.Keep(digest, read);
                }
            }
        }

        return new(Tell(digest.Type, heads, values, gone, patients), heads.Count < query.Most);
    }

    /// <summary>Reads what the shelf did not have. A head that was changed or hidden since it was listed comes as it is now, or stays among the gone.</summary>
    private async Task<List<(long Seq, T? Value, int BodyBytes)>> ReadBodiesAsync<T>(
        DbConnection connection, bool isPlain, Digest<T> digest, List<HeadList.Head> heads, int[] places, T?[] values, HashSet<int> gone, CancellationToken ct) where T : class
    {
        var byRid = places.ToDictionary(i => heads[i].Rid);
        var read = new List<(long, T?, int)>(places.Length);
        await using var command = connection.CreateCommand();
        command.CommandText = isPlain ? _sight.ApplyPlain(Db, ShownBodies) : _sight.Apply(Db, ShownBodies);
        _sight.Bind(Db, command, isPlain);
        Db.AddLongs(command, "rids", [.. byRid.Keys]);
        command.With("type", TypeNumber(digest.Type));
        await using var reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
        while (await reader.ReadAsync(ct).ConfigureAwait(false))
        {
            var row = ResourceRow.Read(reader, Db.Keys);
            if (_sight.Shows(row.Resource) && byRid.TryGetValue(row.Rid, out var place))
            {
                gone.Remove(place);
                values[place] = digest.Read(row.Resource);
                read.Add((row.Resource.Seq, values[place], row.Resource.Body.Length));
            }
        }

        return read;
    }

    private List<T> Tell<T>(string type, List<HeadList.Head> heads, T?[] values, HashSet<int> gone, Dictionary<long, string> patients) where T : class
    {
        var given = new List<T>(heads.Count);
        var mentions = new Dictionary<long, byte[]>();
        for (var i = 0; i < heads.Count; i++)
        {
            if (gone.Contains(i))
            {
                continue;
            }

            if (_shown is not null)
            {
                // Of a body that is not opened again it says whose it is: they are listed by that.
                if (!mentions.TryGetValue(heads[i].Pk, out var mention))
                {
                    mentions[heads[i].Pk] = mention = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["reference"] = "Patient/" + patients[heads[i].Pk] });
                }

                _shown.Show(type, heads[i].Id, mention);
            }

            if (values[i] is { } value)
            {
                given.Add(value);
            }
        }

        return given;
    }

    private async Task<Dictionary<long, string>> PatientNumbersAsync(DbConnection connection, IReadOnlyList<string> ids, CancellationToken ct)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = Db.Sql(PatientHeads);
        command.With("type", TypeNumber("Patient")).With("ids", JsonSerializer.Serialize(ids));
        await using var reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
        var found = new Dictionary<long, string>();
        while (await reader.ReadAsync(ct).ConfigureAwait(false))
        {
            found[reader.GetInt64(1)] = reader.GetString(0);
        }

        return found;
    }

    /// <summary>Where the index keeps the wanted values; null when everything of the type is wanted.</summary>
    /// <exception cref="ArgumentException">The parameter is not one of tokens, or its values have no places of their own.</exception>
    private List<long>? Hashes(string type, DigestQuery query)
    {
        if (query.Token is not var (code, values))
        {
            return null;
        }

        var search = SearchQuery.Parse(type, [new(code, string.Join(',', values.Select(Escaped)))]);
        return ClauseKeys.Tokens(search, search.Clauses[0]) is { } keys
            ? [.. keys.Select(k => Hash(k.Parameter, k.Key)).Distinct()]
            : throw new ArgumentException($"'{code}' of {type} is not looked up by its values.", nameof(query));
    }

    /// <summary>A value may hold what parts values. Source: FHIR R4 §3.1.1.3, Escaping Search Parameters.</summary>
    private static string Escaped(string value) => value.Replace(@"\", @"\\", StringComparison.Ordinal).Replace(",", @"\,", StringComparison.Ordinal).Replace("$", @"\$", StringComparison.Ordinal);
}
