using System.Net;
using Mach.Chart;
using Mach.Data;

namespace Mach.Server.Hosting;

/// <summary>What one running hub is told: where its data is, which engine keeps it, where it listens.</summary>
internal sealed record HubOptions
{
    /// <summary>Folder of everything the hub keeps: SQLite file, store secret, cookie keys, spool.</summary>
    public required string Data { get; init; }
    public required DbEngine Engine { get; init; }
    /// <summary>PostgreSQL connection string; null on SQLite.</summary>
    public string? Connection { get; init; }
    /// <summary>Addresses to listen on, separated by ';'. Port 0 = a free one.</summary>
    public required string Urls { get; init; }
    /// <summary>Where connections are asked for certificates; null = nowhere.</summary>
    public MutualTls? MutualTls { get; init; }

    /// <summary>Messages to the console are JSON, one object a line; else plain text, one line each.</summary>
    public bool JsonLog { get; init; }

    /// <summary>True where demonstration sign-ins exist: the start page shows that.</summary>
    public bool IsDemonstration { get; init; }

    /// <summary>Origins whose pages may call the FHIR API from a browser; none = only programs call it. A demonstration also takes pages of its own machine.</summary>
    public IReadOnlyList<string> Origins { get; init; } = [];

    /// <summary>PostgreSQL itself keeps facilities apart (docs/operations, "The second wall").</summary>
    public bool SecondWall { get; init; }

    /// <summary>Proxies whose word about a caller's address and scheme counts; none = nobody's does.</summary>
    public IReadOnlyList<IPNetwork> Proxies { get; init; } = [];

    /// <summary>Host names that requests may be for, such as mach.example.vn or *.example.vn; none = any.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Memory for what pages read of bodies, in MB; 0 = nothing opened stays longer than its request.</summary>
    public int DigestMb { get; init; } = ChartModule.UsualDigestMb;

    public string SecretFile => Path.Combine(Data, "store.secret");
    /// <summary>Settings of where the keys of the record lie; the file may be missing.</summary>
    public string VaultFile => Path.Combine(Data, "vault.json");
    /// <summary>Keys of the record, where <see cref="VaultFile"/> names no other place.</summary>
    public string KeyFile => Path.Combine(KeyFolder, "store.key");
    public string KeyFolder => Path.Combine(Data, "keys");
    public string SpoolFolder => Path.Combine(Data, "spool");
    /// <summary>Files of the audit trail.</summary>
    public string AuditFolder => Path.Combine(Data, "audit");
    /// <summary>Settings of how people sign in; the file may be missing.</summary>
    public string SignInFile => Path.Combine(Data, "sign-in.json");
    /// <summary>Rules about unusual looking in place of those that came with the program; the file may be missing.</summary>
    public string LooksFile => Path.Combine(Data, "looks.json");
    /// <summary>Words that make a row without a code delicate, in place of those that came with the program; the file may be missing.</summary>
    public string WordsFile => Path.Combine(Data, "sensitivity-words.tsv");
    public string SqliteFile => Path.Combine(Data, "mach.db");
}
