using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;

namespace Mach.Access.Audit;

/// <summary>Endpoint metadata: what one session does by this door to the same people again and again is one line for so long.</summary>
public sealed record AuditWindow(TimeSpan Length);

public static class AuditWindowExtensions
{
    /// <summary>For doors that a page uses by itself every few seconds, such as the saving of a draft: the first use writes the line that covers the others.</summary>
    public static TBuilder OneAuditLineIn<TBuilder>(this TBuilder endpoints, TimeSpan length) where TBuilder : IEndpointConventionBuilder => endpoints.WithMetadata(new AuditWindow(length));
}

/// <summary>
/// Lines that cover a stretch of time. The line stands before the first answer goes, and says until when it speaks (<c>until</c>, seconds): each later answer of the same caller, session,
/// address, door, people and purpose within it is covered, whenever the process ends. When the stretch is over, a second line says how many there were and when the last one was.
/// Anything that differs, fails or is refused has a line of its own.
/// </summary>
internal sealed class AuditWindows(AuditTrail trail, TimeProvider clock)
{
    private const int Most = 10_000;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Open> _open = new(StringComparer.Ordinal);

    private sealed record Open(AuditEntry Line, long UntilUs)
    {
        public int More { get; set; }
        public long LastUs { get; set; }
    }

    /// <summary>Keeps the line, unless one that covers it stands already.</summary>
    /// <exception cref="AuditUnavailableException">It could not be kept, and is covered by none.</exception>
    public void Append(AuditEntry line, TimeSpan length)
    {
        var now = clock.GetUtcNow().ToUs();
        var key = Encoding.UTF8.GetString((line with { AtUs = 0, Shown = 0 }).ToBytes());
        lock (_lock)
        {
            if (_open.TryGetValue(key, out var open) && now < open.UntilUs)
            {
                open.More++;
                open.LastUs = now;
                return;
            }

            // The line stands before anybody else may rely on it.
            trail.Append(line with { Detail = string.Create(CultureInfo.InvariantCulture, $"until +{length.TotalSeconds:0}s") });
            if (open is not null)
            {
                Close(open);
            }

            if (open is not null || _open.Count < Most)
            {
                _open[key] = new(line, now + ((long)length.TotalMilliseconds * 1000));
            }
        }
    }

    /// <summary>Writes the second lines of what is over.</summary>
    /// <param name="all">Of what is not over, too: the hub stops.</param>
    public void Close(bool all)
    {
        var now = clock.GetUtcNow().ToUs();
        lock (_lock)
        {
            foreach (var (key, open) in _open.Where(o => all || o.Value.UntilUs <= now).ToList())
            {
                Close(open);
                _open.Remove(key);
            }
        }
    }

    private void Close(Open open)
    {
        if (open.More > 0)
        {
            trail.Append(open.Line with { AtUs = open.LastUs, Detail = string.Create(CultureInfo.InvariantCulture, $"more {open.More}") });
            open.More = 0;
        }
    }
}
