using System.IO.Compression;
using System.Text;

namespace Mach.Definitions;

/// <summary>
/// Writes the definitions into one file: two sections, structures and terminology, each Brotli-compressed and preceded by its
/// compressed and its plain length (32 bits, little endian). Mach.Fhir.Definitions.SectionReader reads it.
/// </summary>
/// <remarks>
/// Numbers are 7-bit encoded, strings are UTF-8 with a length. The structures begin with a table of strings and one of rules, which
/// everything else names by position (strings from 1, so that 0 is none). The terminology begins with two directories of url and offset.
/// </remarks>
internal static class R4File
{
    public static byte[] Write(IReadOnlyList<TypeModel> types, IReadOnlyList<CodeSystemModel> systems, IReadOnlyList<ValueSetModel> sets)
    {
        using var file = new MemoryStream();
        foreach (var section in new[] { Structures(types), Terminology(systems, sets) })
        {
            var packed = Compress(section);
            file.Write(BitConverter.GetBytes(packed.Length));
            file.Write(BitConverter.GetBytes(section.Length));
            file.Write(packed);
        }

        return file.ToArray();
    }

    /// <summary>The sections as they were before compression, so that two files compare whatever compressor wrote them.</summary>
    public static IReadOnlyList<byte[]> Unpack(byte[] file)
    {
        var sections = new List<byte[]>();
        for (var at = 0; at < file.Length;)
        {
            var packed = BitConverter.ToInt32(file, at);
            using var brotli = new BrotliStream(new MemoryStream(file, at + 8, packed), CompressionMode.Decompress);
            using var plain = new MemoryStream();
            brotli.CopyTo(plain);
            sections.Add(plain.ToArray());
            at += 8 + packed;
        }

        return sections;
    }

    public static byte[] Structures(IReadOnlyList<TypeModel> types)
    {
        var strings = new Table<string>();
        var rules = new Table<InvariantModel>();
        var positions = types.Select((t, i) => (t.Name, i)).ToDictionary(p => p.Name, p => p.i, StringComparer.Ordinal);
        var body = Section(w =>
        {
            w.Write7BitEncodedInt(types.Count);
            foreach (var type in types)
            {
                w.Write7BitEncodedInt(strings.Position(type.Name));
                w.Write((byte)((int)type.Kind | (type.IsAbstract ? 8 : 0)));
                w.Write7BitEncodedInt(type.Base is null ? 0 : positions[type.Base] + 1);
                w.Write7BitEncodedInt(strings.Position(type.Pattern));
                WriteList(w, type.Invariants, r => w.Write7BitEncodedInt(rules.Position(r) - 1));
                WriteList(w, type.Elements, e => WriteElement(w, e, strings, rules, positions));
            }
        });
        var ruleTable = Section(w => WriteList(w, rules.Items, r =>
        {
            w.Write7BitEncodedInt(strings.Position(r.Key));
            w.Write(r.IsError);
            w.Write7BitEncodedInt(strings.Position(r.Human));
            w.Write7BitEncodedInt(strings.Position(r.Expression));
        }));
        return [.. Section(w => WriteList(w, strings.Items, w.Write)), .. ruleTable, .. body];
    }

    private static void WriteElement(BinaryWriter w, ElementModel element, Table<string> strings, Table<InvariantModel> rules, Dictionary<string, int> positions)
    {
        w.Write7BitEncodedInt(strings.Position(element.Name));
        w.Write((byte)((element.IsChoice ? 1 : 0) | (element.IsArray ? 2 : 0) | (element.IsSummary ? 4 : 0) | (element.IsModifier ? 8 : 0)));
        w.Write7BitEncodedInt(element.Min);
        w.Write7BitEncodedInt(element.Max);
        w.Write7BitEncodedInt(element.ValueSet is null ? 0 : element.Strength + 1);
        if (element.ValueSet is not null)
        {
            w.Write7BitEncodedInt(strings.Position(element.ValueSet));
        }

        WriteList(w, element.Invariants, r => w.Write7BitEncodedInt(rules.Position(r) - 1));
        WriteList(w, element.Types, t =>
        {
            w.Write7BitEncodedInt(strings.Position(t.Code));
            w.Write7BitEncodedInt(positions[t.Definition]);
            WriteList(w, t.Targets, x => w.Write7BitEncodedInt(strings.Position(x)));
        });
    }

    public static byte[] Terminology(IReadOnlyList<CodeSystemModel> systems, IReadOnlyList<ValueSetModel> sets)
    {
        var bySystem = systems.ToDictionary(s => s.Url, StringComparer.Ordinal);
        var systemBodies = systems.Select(WriteSystem).ToList();
        var setBodies = sets.Select(s => WriteSet(s, bySystem)).ToList();
        var directories = Section(w =>
        {
            var offset = 0;
            WriteList(w, systems, s => offset = WriteEntry(w, s.Url, offset, systemBodies[IndexOf(systems, s)].Length));
            WriteList(w, sets, s => offset = WriteEntry(w, s.Url, offset, setBodies[IndexOf(sets, s)].Length));
        });
        return [.. directories, .. systemBodies.SelectMany(b => b), .. setBodies.SelectMany(b => b)];
    }

    private static int WriteEntry(BinaryWriter w, string url, int offset, int length)
    {
        w.Write(url);
        w.Write7BitEncodedInt(offset);
        return offset + length;
    }

    private static byte[] WriteSystem(CodeSystemModel system) => Section(w =>
    {
        w.Write(system.Name);
        w.Write(system.Version ?? "");
        w.Write(system.IsComplete);
        WriteList(w, system.Concepts, c =>
        {
            w.Write(c.Code);
            w.Write(c.Display ?? "");
            w.Write(c.Definition ?? "");
            w.Write7BitEncodedInt(c.Parent + 1);
        });
    });

    /// <summary>Runs of codes by system: a whole system, positions in one of the file, or codes and displays written out.</summary>
    private static byte[] WriteSet(ValueSetModel set, Dictionary<string, CodeSystemModel> systems) => Section(w =>
    {
        w.Write(set.Name);
        w.Write(set.Version ?? "");
        var runs = set.Members.GroupBy(m => m.System, StringComparer.Ordinal).ToList();
        WriteList(w, runs, run =>
        {
            w.Write(run.Key);
            var members = run.ToList();
            systems.TryGetValue(run.Key, out var system);
            var isOfFile = system is not null && members.TrueForAll(m => system.ByCode.TryGetValue(m.Code, out var at) && (system.Concepts[at].Display ?? "") == (m.Display ?? ""));
            if (isOfFile && members.Select(m => m.Code).SequenceEqual(system!.Concepts.Select(c => c.Code)))
            {
                w.Write((byte)0);
            }
            else if (isOfFile)
            {
                w.Write((byte)1);
                WriteList(w, members, m => w.Write7BitEncodedInt(system!.ByCode[m.Code]));
            }
            else
            {
                w.Write((byte)2);
                WriteList(w, members, m =>
                {
                    w.Write(m.Code);
                    w.Write(m.Display ?? "");
                });
            }
        });
    });

    private static int IndexOf<T>(IReadOnlyList<T> list, T item) where T : class
    {
        var at = 0;
        while (!ReferenceEquals(list[at], item))
        {
            at++;
        }

        return at;
    }

    private static void WriteList<T>(BinaryWriter w, IReadOnlyList<T> items, Action<T> write)
    {
        w.Write7BitEncodedInt(items.Count);
        foreach (var item in items)
        {
            write(item);
        }
    }

    private static byte[] Section(Action<BinaryWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
        {
            write(writer);
        }

        return stream.ToArray();
    }

    private static byte[] Compress(byte[] section)
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            brotli.Write(section);
        }

        return packed.ToArray();
    }

    /// <summary>Items by position from 1, in the order of first use; 0 is none.</summary>
    private sealed class Table<T> where T : class
    {
        private readonly Dictionary<T, int> _positions = [];

        public List<T> Items { get; } = [];

        public int Position(T? item)
        {
            if (item is null)
            {
                return 0;
            }

            if (!_positions.TryGetValue(item, out var position))
            {
                Items.Add(item);
                _positions[item] = position = Items.Count;
            }

            return position;
        }
    }
}
