using System.Net;
using Npgsql;

namespace Mach.Data;

/// <summary>The way to PostgreSQL.</summary>
public static class PostgresLine
{
    /// <summary>
    /// True when another machine is asked and its certificate is not checked: whoever stands between reads along, or is the database.
    /// The driver's own default encrypts when the server likes to, and takes any certificate.
    /// </summary>
    /// <remarks>Source: PostgreSQL manual, "SSL Support", table of sslmode; ASVS 5.0 12.3.1, 12.3.2.</remarks>
    public static bool IsOpen(string connection)
    {
        var builder = new NpgsqlConnectionStringBuilder(connection);
        return builder.SslMode is not (SslMode.VerifyCA or SslMode.VerifyFull) && (builder.Host ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Any(host => !IsHere(host));
    }

    /// <summary>A socket of the file system, or an address of this machine; a port may follow.</summary>
    private static bool IsHere(string host) =>
        host is ['/' or '@', ..] || (IPAddress.TryParse(host, out var address) ? IPAddress.IsLoopback(address) : Uri.TryCreate("tcp://" + host, UriKind.Absolute, out var uri) && uri.IsLoopback);
}
