using System.Text;
using Mach.Kernel;
using Microsoft.AspNetCore.Http;

namespace Mach.Access.Audit;

/// <summary>What a request has shown so far, and what its doors said about it themselves. Views of the record fill it; the gate makes a line of it.</summary>
public sealed class AuditScope : IShown
{
    /// <summary>A page never shows more; what came above is counted and not named.</summary>
    private const int MaxPersons = 2000;
    private const int MaxId = 64;

    private readonly Lock _lock = new();
    private readonly HashSet<string> _persons = new(StringComparer.Ordinal);
    private readonly HashSet<string> _said = new(StringComparer.Ordinal);

    /// <summary>Number of resources shown.</summary>
    public int Count { get; private set; }

    /// <summary>A door wrote a line of its own.</summary>
    internal bool HasSaid { get; private set; }

    /// <summary>Names of the parameters that came in a form, and the form itself for its hash.</summary>
    internal (string Names, string All)? Form { get; private set; }

    public void Show(string type, string id, ReadOnlySpan<byte> body)
    {
        lock (_lock)
        {
            Count++;
            if ((type == "Patient" ? id : PatientOf(body)) is { } person && _persons.Count < MaxPersons)
            {
                _persons.Add(person);
            }
        }
    }

    /// <summary>A person of whom something is shown that does not come from the record: a table of a room.</summary>
    public void ShowPerson(string id)
    {
        lock (_lock)
        {
            _persons.Add(id);
        }
    }

    /// <summary>The same of several.</summary>
    public void ShowPersons(IEnumerable<string> ids)
    {
        foreach (var id in ids)
        {
            ShowPerson(id);
        }
    }

    /// <summary>Parameters that stood in a form instead of the address.</summary>
    public void Ask(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var all = pairs.ToList();
        Form = (string.Join(',', all.Select(p => p.Key)), string.Join('&', all.Select(p => p.Key + "=" + p.Value)));
    }

    internal void Said(string? person)
    {
        lock (_lock)
        {
            HasSaid = true;
            if (person is not null)
            {
                _said.Add(person);
            }
        }
    }

    /// <summary>People shown of whom no line was written yet.</summary>
    internal List<string> Unsaid()
    {
        lock (_lock)
        {
            return [.. _persons.Where(p => !_said.Contains(p))];
        }
    }

    /// <summary>The first Patient that a resource refers to: in everything that belongs to a person, it is that person.</summary>
    internal static string? PatientOf(ReadOnlySpan<byte> body)
    {
        var name = "Patient/"u8;
        for (var rest = body; ;)
        {
            var at = rest.IndexOf(name);
            if (at < 0)
            {
                return null;
            }

            var id = rest[(at + name.Length)..];
            var end = id.IndexOfAny("\"/|#"u8);
            if (at > 0 && rest[at - 1] is (byte)'"' or (byte)'/' && end is > 0 and <= MaxId)
            {
                return Encoding.UTF8.GetString(id[..end]);
            }

            rest = id;
        }
    }
}

public static class AuditScopeExtensions
{
    /// <summary>What this request has shown.</summary>
    public static AuditScope Audit(this HttpContext context)
    {
        if (context.Features.Get<AuditScope>() is not { } scope)
        {
            context.Features.Set(scope = new AuditScope());
        }

        return scope;
    }
}
