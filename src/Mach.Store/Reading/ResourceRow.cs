using System.Data.Common;
using Mach.Data.Sealing;
using Mach.Fhir.Search;
using Mach.Store.Sealing;

namespace Mach.Store.Reading;

/// <summary>One row of <see cref="SelectHead"/> or <see cref="SelectVersion"/>.</summary>
/// <param name="Rid">Internal number of the resource.</param>
/// <param name="Pk">Internal number of the compartment's patient (own number when there is none).</param>
/// <param name="Date">Clinical date of the head, UTC microseconds; 0 when none.</param>
internal readonly record struct ResourceRow(long Rid, long Pk, long Date, StoredResource Resource)
{
    public const string Columns = "r.rid, r.pk, r.dt, r.type, r.fid, v.vno, v.seq, v.op, c.at, v.codec, v.body";

    /// <summary>Heads with their bodies: add joins, WHERE and ORDER BY. Placeholders have no version and so never appear; deleted ones have r.del=1.</summary>
    public const string SelectHead = $"SELECT {Columns} FROM res r JOIN ver v ON v.seq=r.seq JOIN commit_log c ON c.tx=v.tx ";

    /// <summary>Versions: add WHERE and ORDER BY.</summary>
    public const string SelectVersion = $"SELECT {Columns}, r.seq, v.pk FROM ver v JOIN res r ON r.rid=v.rid JOIN commit_log c ON c.tx=v.tx ";

    /// <summary>For rows of <see cref="SelectVersion"/>: an old version may be more delicate than the head, or have been another person's.</summary>
    public static bool IsShown(DbDataReader reader, SightSql sight, KeyRing keys) =>
        sight.IsEverything || reader.FieldCount < 13 || reader.GetInt64(6) == reader.GetInt64(11)
        || (reader.GetInt64(12) == reader.GetInt64(1) && sight.ShowsVersion(Body(reader, keys)));

    public static ResourceRow Read(DbDataReader reader, KeyRing keys) => new(
        reader.GetInt64(0),
        reader.GetInt64(1),
        reader.GetInt64(2),
        new StoredResource
        {
            Type = ResourceTypes.Name(reader.GetInt16(3)),
            Id = reader.GetString(4),
            Version = reader.GetInt32(5),
            Seq = reader.GetInt64(6),
            Kind = (VersionKind)reader.GetInt16(7),
            LastUpdated = Instants.FromMicroseconds(reader.GetInt64(8)),
            Body = Body(reader, keys),
        });

    private static ReadOnlyMemory<byte> Body(DbDataReader reader, KeyRing keys) =>
        reader.IsDBNull(10) ? ReadOnlyMemory<byte>.Empty : SealedBody.Read(keys, reader, 9, reader.GetInt64(6), reader.GetInt64(0), reader.GetInt32(5));
}
