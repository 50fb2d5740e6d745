using Mach.Data;
using Mach.Data.Sealing;
using Mach.Kernel;

namespace Mach.Intake.Keeping;

/// <summary>One row of int_receipt.</summary>
internal sealed record ReceiptRow
{
    public const string Receiving = "receiving";
    public const string Done = "done";
    public const string Rejected = "rejected";
    public const string Interrupted = "interrupted";

    public string Id { get; init; } = "";
    public string Account { get; init; } = "";
    public string Door { get; init; } = "";
    public string? FileName { get; init; }
    public string? Facility { get; init; }
    public string? Sha { get; init; }
    public long SizeBytes { get; init; }
    public long ReceivedUs { get; init; }
    public long? FinishedUs { get; init; }
    public string State { get; init; } = "";
    public string Owner { get; init; } = "";
    public long Dossiers { get; init; }
    public long Made { get; init; }
    public long Changed { get; init; }
    public long Unchanged { get; init; }
    public long Refused { get; init; }
    public byte[]? Findings { get; init; }

    public const string Select = """
        SELECT id AS Id, account AS Account, door AS Door, file_name AS FileName, facility AS Facility, sha AS Sha, size_bytes AS SizeBytes,
               received_us AS ReceivedUs, finished_us AS FinishedUs, state AS State, owner AS Owner, dossiers AS Dossiers, made AS Made,
               changed AS Changed, unchanged AS Unchanged, refused AS Refused, findings AS Findings
        FROM int_receipt
        """;

    public TableRows ToTable() => new(
        "int_receipt",
        [
            ("id", ColumnType.Text), ("account", ColumnType.Text), ("door", ColumnType.Text), ("file_name", ColumnType.Text), ("facility", ColumnType.Text),
            ("sha", ColumnType.Text), ("size_bytes", ColumnType.BigInt), ("received_us", ColumnType.BigInt), ("finished_us", ColumnType.BigInt),
            ("state", ColumnType.Text), ("owner", ColumnType.Text), ("dossiers", ColumnType.Integer), ("made", ColumnType.Integer),
            ("changed", ColumnType.Integer), ("unchanged", ColumnType.Integer), ("refused", ColumnType.Integer), ("findings", ColumnType.Bytes),
        ],
        [[Id, Account, Door, FileName, Facility, Sha, SizeBytes, ReceivedUs, FinishedUs, State, Owner, (int)Dossiers, (int)Made, (int)Changed, (int)Unchanged, (int)Refused, Findings]],
        ["id"]);
}

/// <summary>One row of int_line.</summary>
internal sealed record LineRow
{
    public string Receipt { get; init; } = "";
    public long Position { get; init; }
    public long StartAt { get; init; }
    public long Length { get; init; }
    public string Facility { get; init; } = "";
    public string MaLk { get; init; } = "";
    public string? Dossier { get; init; }
    public long Version { get; init; }
    public string Result { get; init; } = "";
    public long Errors { get; init; }
    public long Warnings { get; init; }
    public byte[]? Findings { get; init; }
    public byte[]? Bytes { get; init; }

    /// <summary>All columns but the bytes.</summary>
    public const string Select = """
        SELECT receipt AS Receipt, position AS Position, start_at AS StartAt, length AS Length, facility AS Facility, ma_lk AS MaLk, dossier AS Dossier,
               version AS Version, result AS Result, errors AS Errors, warnings AS Warnings, findings AS Findings
        FROM int_line
        """;

    /// <summary>The findings, opened.</summary>
    public IReadOnlyList<Finding> OpenFindings(KeyRing keys) => FindingList.Unpack(Kept.Open(keys, Kept.Line, "findings", Receipt, Position, Findings));

    public static TableRows ToTable(KeyRing keys, IEnumerable<LineRow> lines) => new(
        "int_line",
        [
            ("receipt", ColumnType.Text), ("position", ColumnType.Integer), ("start_at", ColumnType.BigInt), ("length", ColumnType.Integer), ("facility", ColumnType.Text),
            ("ma_lk", ColumnType.Text), ("dossier", ColumnType.Text), ("version", ColumnType.Integer), ("result", ColumnType.Text), ("errors", ColumnType.Integer),
            ("warnings", ColumnType.Integer), ("findings", ColumnType.Bytes), ("bytes", ColumnType.Bytes),
        ],
        [.. lines.Select(l => new object?[] { l.Receipt, (int)l.Position, l.StartAt, (int)l.Length, l.Facility, l.MaLk, l.Dossier, (int)l.Version, l.Result, (int)l.Errors, (int)l.Warnings, Kept.Seal(keys, Kept.Line, "findings", l.Receipt, l.Position, l.Findings), Kept.Seal(keys, Kept.Line, "bytes", l.Receipt, l.Position, l.Bytes) })],
        []);
}

/// <summary>One row of int_version.</summary>
internal sealed record VersionRow
{
    public string Dossier { get; init; } = "";
    public long Version { get; init; }
    public string Facility { get; init; } = "";
    public string MaLk { get; init; } = "";
    public long Kind { get; init; }
    public byte[] Sha { get; init; } = [];
    public string Patient { get; init; } = "";
    public string Receipt { get; init; } = "";
    public long Position { get; init; }
    public string Account { get; init; } = "";
    public string Door { get; init; } = "";
    public long TakenUs { get; init; }
    public long Errors { get; init; }
    public long Warnings { get; init; }
    public string Resources { get; init; } = "";
    public byte[]? Findings { get; init; }
    public byte[]? Bytes { get; init; }

    /// <summary>All columns but the bytes.</summary>
    public const string Select = """
        SELECT dossier AS Dossier, version AS Version, facility AS Facility, ma_lk AS MaLk, kind AS Kind, sha AS Sha, patient AS Patient, receipt AS Receipt,
               position AS Position, account AS Account, door AS Door, taken_us AS TakenUs, errors AS Errors, warnings AS Warnings,
               resources AS Resources, findings AS Findings
        FROM int_version
        """;

    /// <summary>The findings, opened.</summary>
    public IReadOnlyList<Finding> OpenFindings(KeyRing keys) => FindingList.Unpack(Kept.Open(keys, Kept.Version, "findings", Dossier, Version, Findings));

    public TableRows ToTable(KeyRing keys) => new(
        "int_version",
        [
            ("dossier", ColumnType.Text), ("version", ColumnType.Integer), ("facility", ColumnType.Text), ("ma_lk", ColumnType.Text), ("kind", ColumnType.Integer),
            ("sha", ColumnType.Bytes), ("patient", ColumnType.Text), ("receipt", ColumnType.Text), ("position", ColumnType.Integer), ("account", ColumnType.Text),
            ("door", ColumnType.Text), ("taken_us", ColumnType.BigInt), ("errors", ColumnType.Integer), ("warnings", ColumnType.Integer),
            ("resources", ColumnType.Text), ("findings", ColumnType.Bytes), ("bytes", ColumnType.Bytes),
        ],
        [[Dossier, (int)Version, Facility, MaLk, (int)Kind, Sha, Patient, Receipt, (int)Position, Account, Door, TakenUs, (int)Errors, (int)Warnings, Resources, Kept.Seal(keys, Kept.Version, "findings", Dossier, Version, Findings), Kept.Seal(keys, Kept.Version, "bytes", Dossier, Version, Bytes)]],
        []);
}
