using System.Text.Json;
using Mach.Contracts.People;
using Mach.Kernel;
using Mach.People.Index;
using Mach.People.Matching;
using Mach.People.Profiles;
using Mach.Store;

namespace Mach.People.Family;

/// <summary>
/// A person's family over three steps, each person once, whatever records of theirs are linked. A household is those of them at one address: the tables of QĐ 130 have no number of a household,
/// and an address alone may be a whole hamlet's.
/// </summary>
internal sealed class FamilyReader(RecordStore store, KinTable table, IPersonLinks links, FactsMaker facts)
{
    private const int Steps = 3, MostPeople = 200;
    private readonly RecordStore _store = store;
    private readonly KinTable _table = table;
    private readonly IPersonLinks _links = links;
    private readonly FactsMaker _facts = facts;

    /// <summary>Null when there is no such Patient.</summary>
    public async Task<FamilyView?> ReadAsync(string id, CancellationToken ct)
    {
        await _facts.RefreshAsync(ct);
        var walk = new Walk(this, ct);
        if (!await walk.StartAsync(id))
        {
            return null;
        }

        for (var step = 0; step < Steps && walk.Count < MostPeople; step++)
        {
            await walk.StepAsync();
        }

        var own = walk.RecordsOf(id);
        var rows = await _table.OfAsync(own, ct);
        var waiting = new List<WaitingKin>();
        foreach (var row in rows.Where(r => r.State == KinRow.Waiting))
        {
            if (await MemberAsync(own.Contains(row.Patient) ? row.Relative : row.Patient, "relative", null, ct) is { } other)
            {
                waiting.Add(new WaitingKin(row, other, own.Contains(row.Patient)));
            }
        }

        var members = await walk.MembersAsync();
        var acts = await _table.ActsAsync(own, ct);
        return new FamilyView(members[0], [.. members.Skip(1)], waiting, await NamedAsync(own, rows, ct), acts, await NamesAsync(acts, ct));
    }

    private async Task<IReadOnlyList<NamedKin>> NamedAsync(IReadOnlyList<string> own, IReadOnlyList<KinRow> rows, CancellationToken ct)
    {
        var known = rows.Where(r => r.State != KinRow.Removed && own.Contains(r.Patient)).Select(r => r.Kind).ToHashSet(StringComparer.Ordinal);
        var sources = rows.Select(r => r.Source).ToHashSet(StringComparer.Ordinal);
        var said = (await _table.CluesOfAsync(own, ct)).Where(c => c.Name.Length > 0 && !known.Contains(c.Kind) && !(c.Kind == Kinds.Child && sources.Contains(c.Source.Split('#')[0])))
            .Select(c => new NamedKin(c.Kind, c.Name, c.Birth)).ToList();
        if (!known.Contains(Kinds.Mother))
        {
            foreach (var patient in await _store.ReadManyAsync([.. own.Select(id => ("Patient", id))], ct))
            {
                using var json = JsonDocument.Parse(patient.Body);
                var sought = PatientFacts.Sought(json.RootElement);
                var mother = sought.MotherName ?? (VietnameseText.Fold(sought.Name).StartsWith("con ba ", StringComparison.Ordinal) ? sought.Name[7..] : "");
                if (mother.Trim().Length > 0)
                {
                    said.Add(new NamedKin(Kinds.Mother, mother.Trim(), ""));
                }
            }
        }

        return [.. said.DistinctBy(n => (n.Kind, VietnameseText.Fold(n.Name)))];
    }

    private async Task<IReadOnlyDictionary<string, string>> NamesAsync(IReadOnlyList<KinAct> acts, CancellationToken ct)
    {
        var ids = acts.SelectMany(a => new[] { a.Patient, a.Relative }).Distinct(StringComparer.Ordinal).ToList();
        return ids.Count == 0 ? new Dictionary<string, string>() : (await _store.ReadManyAsync([.. ids.Select(i => ("Patient", i))], ct)).ToDictionary(p => p.Id, p => p.IsDeleted ? "" : PatientView.Read(p.Body).Name, StringComparer.Ordinal);
    }

    private async Task<FamilyMember?> MemberAsync(string id, string relation, PersonFacts? home, CancellationToken ct)
    {
        if (await _store.ReadAsync("Patient", id, ct) is not { IsDeleted: false } stored)
        {
            return null;
        }

        var (view, own) = (PatientView.Read(stored.Body), PatientFacts.Read(_facts, stored.Body));
        var isHome = home is not null && own.Place.Length > 0 && own.Place == home.Place && own.Commune == home.Commune;
        return new FamilyMember(id, view.Name, PartialDate.TryParseFhir(view.BirthDate, out var birth) ? birth : null, view.Gender, relation, view.Address ?? "", isHome);
    }

    /// <summary>Goes from relative to relative, a step at a time.</summary>
    private sealed class Walk(FamilyReader reader, CancellationToken ct)
    {
        /// <summary>Which person each record is of, by the id under which the person was found first.</summary>
        private readonly Dictionary<string, string> _person = new(StringComparer.Ordinal);
        private readonly Dictionary<string, IReadOnlyList<string>> _records = new(StringComparer.Ordinal);
        private readonly List<(string Id, string Relation, KinRow? Row)> _found = [];
        private int _done;

        public int Count => _found.Count;

        public IReadOnlyList<string> RecordsOf(string id) => _records[id];

        public async Task<bool> StartAsync(string id)
        {
            if (await reader._store.ReadAsync("Patient", id, ct) is not { IsDeleted: false })
            {
                return false;
            }

            await AddAsync(id, "self", null);
            return true;
        }

        public async Task StepAsync()
        {
            var wave = _found[_done..];
            _done = _found.Count;
            foreach (var (id, relation, _) in wave)
            {
                var own = _records[id];
                foreach (var row in (await reader._table.OfAsync(own, ct)).Where(r => r.State == KinRow.Linked))
                {
                    var isRelative = own.Contains(row.Patient);
                    await AddAsync(isRelative ? row.Relative : row.Patient, Next(relation, row.Kind, isRelative), relation == "self" ? row : null);
                }
            }
        }

        public async Task<IReadOnlyList<FamilyMember>> MembersAsync()
        {
            var self = PatientFacts.Read(reader._facts, (await reader._store.ReadAsync("Patient", _found[0].Id, ct))!.Body);
            var members = new List<FamilyMember>(_found.Count);
            foreach (var (id, relation, row) in _found)
            {
                if (await reader.MemberAsync(id, relation, self, ct) is { } member)
                {
                    members.Add(member with { Row = row });
                }
            }

            return members;
        }

        private async Task AddAsync(string id, string relation, KinRow? row)
        {
            if (_person.ContainsKey(id))
            {
                return;
            }

            _records[id] = await reader._links.LinkedAsync(id, ct);
            foreach (var record in _records[id])
            {
                _person.TryAdd(record, id);
            }

            _found.Add((id, relation, row));
        }

        /// <summary>What a relative's relative is to the person of the page.</summary>
        private static string Next(string relation, string kind, bool isRelative) => (relation, kind, isRelative) switch
        {
            ("self", Kinds.Mother, true) => "mother",
            ("self", Kinds.Father, true) => "father",
            ("self", Kinds.Mother or Kinds.Father, false) => "child",
            ("self", Kinds.Guardian, true) => "guardian",
            ("self", Kinds.Guardian, false) => "ward",
            ("self", Kinds.Spouse, _) => "spouse",
            ("mother" or "father", Kinds.Mother or Kinds.Father, true) => "grandparent",
            ("mother" or "father", Kinds.Mother or Kinds.Father, false) => "sibling",
            ("child", Kinds.Mother or Kinds.Father, false) => "grandchild",
            ("child", Kinds.Mother or Kinds.Father, true) => "co-parent",
            _ => "relative",
        };
    }
}
