using System.Text.Json;
using System.Text.Json.Nodes;
using Mach.Data;
using Mach.Fhir.Search;
using Mach.Kernel;
using Mach.Store.Reading;
using Mach.Store.Tests.Search;
using Mach.Testing;

namespace Mach.Store.Tests.Reading;

/// <summary>
/// What is hidden is not there: through every way of reading, a caller finds exactly what they would find in a store that holds only what a plain,
/// slow policy allows, for random people, facilities, labels and relationships.
/// </summary>
public class SightTests : StoreTests
{
    private const string Confidentiality = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", Act = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

    private static readonly string[] Open = ["Organization", "Practitioner", "ValueSet"];

    public static TheoryData<DbEngine, int> Worlds
    {
        get
        {
            var data = new TheoryData<DbEngine, int>();
            foreach (var engine in TestDb.Engines)
            {
                for (var seed = 1; seed <= 3; seed++)
                {
                    data.Add(engine, seed);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Worlds))]
    public async Task A_caller_finds_exactly_what_a_plain_policy_allows(DbEngine engine, int seed)
    {
        var world = new World(seed);
        var (test, first) = await OpenAsync(engine);
        await using var _ = test;
        Assert.False(first.HasSecondWall);
        // Behind the second wall the answers are the same: it never hides what the statement shows.
        await using var store = await RecordStore.OpenAsync(test.Db, test.Options with { SecondWall = seed == 2 }, test.Clock, None);
        var versions = await FillAsync(store, world);
        var heads = (await store.ReadManyAsync([.. versions.Select(v => (v.Type, v.Id)).Distinct()], None)).ToDictionary(r => (r.Type, r.Id));
        var (hidden, answered) = (0, 0);
        // One shelf for all callers: what one may see lies there when the next one asks.
        using var shelf = new DigestShelf(10_000_000, test.Clock);
        var digests = World.Types.ToDictionary(type => type, type => new Digest<StoredResource>(type, version => version));
        for (var i = 0; i < 8; i++)
        {
            var sight = Random(world);
            var policy = new Policy(sight, heads, versions);
            var seen = heads.Values.Where(policy.Shows).ToDictionary(r => (r.Type, r.Id));
            hidden += heads.Count - seen.Count;
            var reader = store.As(sight);
            var who = $"seed {seed}, caller {i}: {Describe(sight)}";
            await ReadAsync(reader, heads, seen, who);
            answered += await SearchAsync(reader, world, seen, who);
            await CompartmentsAsync(reader, shelf, digests, seen, policy, versions, who);
        }

        Assert.True(shelf.Count > 0);
        Assert.True(hidden > 0 && answered > 50, $"hidden {hidden}, answered {answered}");
        await AssertCleanAsync(store);
    }

    /// <summary>Source: PostgreSQL 15 documentation, 5.8 Row Security Policies.</summary>
    [Theory]
    [MemberData(nameof(Worlds))]
    public async Task The_second_wall_alone_keeps_facilities_apart(DbEngine engine, int seed)
    {
        var world = new World(seed + 100);
        var (test, first) = await OpenAsync(engine);
        await using var _ = test;
        Assert.False(first.HasSecondWall);
        await using var store = await RecordStore.OpenAsync(test.Db, test.Options with { SecondWall = true }, test.Clock, None);
        Assert.Equal(engine == DbEngine.Postgres, store.HasSecondWall);
        if (!store.HasSecondWall)
        {
            // SQLite has one wall, the statement.
            return;
        }

        var versions = await FillAsync(store, world);
        var heads = (await store.ReadManyAsync([.. versions.Select(v => (v.Type, v.Id)).Distinct()], None)).ToDictionary(r => (r.Type, r.Id));
        var hidden = 0;
        for (var i = 0; i < 12; i++)
        {
            var sight = Random(world);
            var policy = new Policy(sight, heads, versions);
            // As if every statement had forgotten its condition.
            await using var connection = await new SightSql(sight, () => store.Catalog, store.Hash).OpenAsync(store.Db, None);
            var shown = (await Dapper.SqlMapper.QueryAsync<(short Type, string Id)>(connection, "SELECT type, fid FROM res WHERE del=0")).Select(r => (ResourceTypes.Name(r.Type), r.Id)).ToHashSet();
            var allowed = heads.Values.Where(policy.IsBeforeTheWall).Select(r => (r.Type, r.Id)).ToHashSet();
            Assert.True(shown.SetEquals(allowed), $"seed {seed}, caller {i}: {Describe(sight)}\nmore: {string.Join(' ', shown.Except(allowed))}\nless: {string.Join(' ', allowed.Except(shown))}");
            hidden += heads.Count - shown.Count;

            // No version of a hidden head either, and nothing that opens a door: no keys, no settings, no other role, no writing.
            Assert.Equal(0, await Dapper.SqlMapper.ExecuteScalarAsync<long>(connection, "SELECT COUNT(*) FROM ver v WHERE NOT EXISTS (SELECT 1 FROM res r WHERE r.rid=v.rid)"));
            foreach (var sql in new[] { "SELECT * FROM setting", "SELECT * FROM data_key", "SELECT actor FROM commit_log", "DELETE FROM res", "UPDATE ver SET body=body", "INSERT INTO tie SELECT * FROM tie", "ALTER TABLE res DISABLE ROW LEVEL SECURITY", "DROP VIEW wall_visit" })
            {
                Assert.Equal("42501", (await Assert.ThrowsAsync<Npgsql.PostgresException>(() => Dapper.SqlMapper.ExecuteAsync(connection, sql))).SqlState);
            }
        }

        Assert.True(hidden > 0);
        // Without a caller there is nothing but what belongs to nobody.
        await using var nobody = await new SightSql(new Sight { CountsVisits = false }, () => store.Catalog, store.Hash).OpenAsync(store.Db, None);
        Assert.DoesNotContain(await Dapper.SqlMapper.QueryAsync<short>(nobody, "SELECT DISTINCT type FROM res WHERE del=0"), t => !Open.Contains(ResourceTypes.Name(t)));
    }

    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task Nobody_without_facility_and_person_sees_any_person(DbEngine engine)
    {
        var world = new World(99);
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        await FillAsync(store, world);
        var reader = store.As(new Sight());
        foreach (var type in World.Types.Except(Open))
        {
            var page = await reader.SearchAsync(SearchQuery.Parse(type, []) with { Total = true }, None);
            Assert.Empty(page.Matches);
            Assert.Equal(0, page.Total);
            Assert.Equal(0, (await reader.SearchAsync(SearchQuery.Parse(type, []) with { CountOnly = true }, None)).Total);
            Assert.Empty(await reader.HistoryAsync(type, null, 50, null, None));
        }
    }

    [Theory]
    [MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task A_label_stays_with_a_deleted_resource_and_with_its_old_versions(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        static Write Condition(string code) => new(WriteKind.Put, "Condition", "c1", JsonSerializer.SerializeToUtf8Bytes(new
        {
            resourceType = "Condition",
            id = "c1",
            subject = new { reference = "Patient/p1" },
            code = new { coding = new[] { new { system = "http://hl7.org/fhir/sid/icd-10", code } } },
        }));
        await store.CommitAsync(Sample.Commit(Sample.Patient("p1"), Condition("B20.1")), None);
        await store.CommitAsync(Sample.Commit(Condition("J10")), None);
        var reader = store.As(new Sight { IsEveryone = true, Hidden = DataLabels.Hiv, HiddenHere = DataLabels.Hiv });
        // The correction is plain; what it corrected is not.
        Assert.NotNull(await reader.ReadAsync("Condition", "c1", None));
        Assert.NotNull(await reader.ReadVersionAsync("Condition", "c1", 2, None));
        Assert.Null(await reader.ReadVersionAsync("Condition", "c1", 1, None));
        Assert.Equal([2], (await reader.HistoryAsync("Condition", "c1", 10, null, None)).Select(v => v.Version));
        await store.CommitAsync(Sample.Commit(Condition("B24")), None);
        await store.CommitAsync(Sample.Commit(Sample.Delete("Condition", "c1")), None);
        Assert.Null(await reader.ReadAsync("Condition", "c1", None));
        Assert.Empty(await reader.HistoryAsync("Condition", "c1", 10, null, None));
        Assert.NotNull(await store.ReadAsync("Condition", "c1", None));
    }

    private static async Task ReadAsync(RecordView reader, Dictionary<(string Type, string Id), StoredResource> heads, Dictionary<(string Type, string Id), StoredResource> seen, string who)
    {
        foreach (var key in heads.Keys)
        {
            var read = await reader.ReadAsync(key.Type, key.Id, None);
            Assert.True(read is not null == seen.ContainsKey(key), $"{who}\nread {key.Type}/{key.Id}: {(read is null ? "hidden" : "shown")}");
        }

        Assert.Equal(seen.Keys.Order(), (await reader.ReadManyAsync([.. heads.Keys], None)).Select(r => (r.Type, r.Id)).Order());
    }

    private static async Task<int> SearchAsync(RecordView reader, World world, Dictionary<(string Type, string Id), StoredResource> seen, string who)
    {
        var answered = 0;
        for (var i = 0; i < 60; i++)
        {
            var (type, pairs) = world.Question();
            pairs.AddRange(world.Pick(["", "", "include", "revinclude"]) switch
            {
                "include" => [new("_include", type + ":*"), new("_include:iterate", "Encounter:*")],
                "revinclude" => [new("_revinclude", world.Pick(["Observation:*", "Encounter:*", "Provenance:*", "List:*"]))],
                _ => Array.Empty<KeyValuePair<string, string>>(),
            });
            var asked = $"{who}\n{type}?{string.Join('&', pairs.Select(p => p.Key + "=" + p.Value))}";
            SearchQuery query;
            try
            {
                query = SearchQuery.Parse(type, pairs);
            }
            catch (SearchException)
            {
                continue;
            }

            // As if nothing else existed: chains and reverse chains, too, go only through what is seen.
            var expected = seen.Values.Where(r => r.Type == type && World.Matches(r, query, seen)).Select(r => r.Id).Order(StringComparer.Ordinal).ToList();
            answered += expected.Count > 0 ? 1 : 0;
            var found = await DifferentialTests.WalkAsync(reader, query with { Count = 1 + world.Next(12) }, asked);
            Assert.True(expected.SequenceEqual(found.Select(r => r.Id).Order(StringComparer.Ordinal)), $"{asked}\nexpected {string.Join(' ', expected)}\nfound    {string.Join(' ', found.Select(r => r.Id))}");
            DifferentialTests.AssertOrder(query, found, asked);
            Assert.True(expected.Count == (await reader.SearchAsync(query with { CountOnly = true }, None)).Total, asked);
            var page = await reader.SearchAsync(query with { Count = 100, Total = true }, None);
            Assert.True(expected.Count == page.Total, asked);
            Assert.All(page.Included, r => Assert.True(seen.ContainsKey((r.Type, r.Id)), $"{asked}\nincluded {r.Type}/{r.Id}"));
            Assert.Equal(Math.Min(2, expected.Count), (await reader.MatchAsync(query, None)).Found.Count);
        }

        return answered;
    }

    private static async Task CompartmentsAsync(RecordView reader, DigestShelf shelf, Dictionary<string, Digest<StoredResource>> digests, Dictionary<(string Type, string Id), StoredResource> seen, Policy policy, IReadOnlyList<StoredResource> versions, string who)
    {
        for (var p = 0; p < 12; p++)
        {
            var patient = "p" + p;
            var members = seen.Values.Where(r => Policy.PatientOf(r.Body) == patient).ToList();
            var counts = await reader.CompartmentCountsAsync([patient], None);
            Assert.Equal(members.GroupBy(m => m.Type).Select(g => (g.Key, (long)g.Count())).Order(), counts.Select(c => (c.Key, c.Value)).Order());
            foreach (var type in World.Types)
            {
                var page = await reader.CompartmentAsync([patient], type, 100, null, None);
                Assert.Equal(members.Where(m => m.Type == type).Select(m => m.Id).Order(StringComparer.Ordinal), page.Matches.Select(m => m.Id).Order(StringComparer.Ordinal));
                foreach (var most in new[] { 100, 3 })
                {
                    var digested = await reader.DigestsAsync(shelf, digests[type], new([patient], most), None);
                    Assert.Equal(page.Matches.Take(most).Select(m => (m.Id, m.Version)), digested.Items.Select(m => (m.Id, m.Version)));
                    Assert.Equal(page.Matches.Count < most, digested.IsWhole);
                }
            }

            var all = new List<StoredResource>();
            var isThere = false;
            for (string? cursor = null; ;)
            {
                if (await reader.EverythingAsync(new EverythingQuery("Patient", patient) { Count = 7, Cursor = cursor }, None) is not { } page)
                {
                    break;
                }

                isThere = true;
                all.AddRange(page.Matches);
                Assert.All(page.Included, r => Assert.True(seen.ContainsKey((r.Type, r.Id)), $"{who}\n$everything of {patient} includes {r.Type}/{r.Id}"));
                if ((cursor = page.Next) is null)
                {
                    break;
                }
            }

            if (seen.ContainsKey(("Patient", patient)))
            {
                Assert.True(isThere, who);
                Assert.All(all, r => Assert.True(seen.ContainsKey((r.Type, r.Id)), $"{who}\n$everything of {patient} gives {r.Type}/{r.Id}"));
                Assert.Empty(members.Select(m => (m.Type, m.Id)).Except(all.Select(r => (r.Type, r.Id))));
            }
            else
            {
                Assert.Empty(all);
            }
        }

        // All versions, in small pages: none is left out between what is hidden.
        var expected = versions.Where(policy.ShowsVersion).Select(v => v.Seq).OrderDescending().ToList();
        var found = new List<long>();
        for (long? before = null; ;)
        {
            var page = await reader.HistoryAsync(null, null, 9, before, None);
            found.AddRange(page.Select(v => v.Seq));
            if (page.Count < 9)
            {
                break;
            }

            before = page[^1].Seq;
        }

        Assert.Equal(expected, found);
        foreach (var type in World.Types)
        {
            Assert.Equal(versions.Where(v => v.Type == type && policy.ShowsVersion(v)).Select(v => v.Seq).OrderDescending().Take(9), (await reader.HistoryAsync(type, null, 9, null, None)).Select(v => v.Seq));
            Assert.Null(await reader.CountHistoryAsync(new HistoryQuery { Type = type, Count = 9 }, None));
        }
    }

    private static Sight Random(World world)
    {
        var hidden = (DataLabels)world.Next((int)DataLabels.All + 1);
        return new Sight
        {
            IsEveryone = world.Chance(25),
            EveryoneTypes = world.Chance(30) ? ["Patient", "Encounter"] : [],
            Facilities = [.. Enumerable.Range(0, 4).Where(_ => world.Chance(35)).Select(n => "2500" + n)],
            Since = world.Chance(50) ? DateTimeOffset.UnixEpoch : new DateTimeOffset(2025, 3, 1, 0, 0, 0, TimeSpan.FromHours(7)),
            Persons = [.. Enumerable.Range(0, 12).Where(_ => world.Chance(8)).Select(n => "p" + n)],
            Hidden = hidden,
            HiddenHere = world.Chance(50) ? hidden : hidden & DataLabels.Confidential,
            Ties = (TieKinds)world.Next((int)TieKinds.All + 1),
            TiedSince = world.Chance(50) ? DateTimeOffset.UnixEpoch : new DateTimeOffset(2025, 3, 1, 0, 0, 0, TimeSpan.FromHours(7)),
            Wards = world.Chance(50) ? ["w1", "w2"] : [],
            Practitioner = world.Chance(60) ? world.Id("Practitioner") : null,
            Purpose = world.Chance(70) ? Purposes.Treatment : world.Chance(50) ? Purposes.Research : Purposes.Operations,
            IsByLaw = world.Chance(20),
            CountsVisits = world.Chance(80),
            CountsConsents = world.Chance(70),
            Now = new DateTimeOffset(2025, 6, 1, 0, 0, 0, TimeSpan.Zero),
            ActsFor = [.. Enumerable.Range(0, 12).Where(_ => world.Chance(8)).Select(n => "p" + n)],
            HiddenFromProxy = (DataLabels)world.Next((int)DataLabels.All + 1),
        };
    }

    private static string Describe(Sight sight) =>
        $"{(sight.IsEveryone ? "everyone" : "related")} at {string.Join('+', sight.Facilities)} since {sight.Since:yyyy-MM-dd}, persons {string.Join('+', sight.Persons)}, hidden {sight.Hidden}, here {sight.HiddenHere}, "
        + $"ties {sight.Ties} since {sight.TiedSince:yyyy-MM-dd} wards {string.Join('+', sight.Wards)} practitioner {sight.Practitioner}, {sight.Purpose}{(sight.IsByLaw ? " by law" : "")}, visits {sight.CountsVisits}, consents {sight.CountsConsents}, acts for {string.Join('+', sight.ActsFor)} without {sight.HiddenFromProxy}";

    /// <summary>Random commits; some resources carry labels. All versions, as they were written.</summary>
    private static async Task<IReadOnlyList<StoredResource>> FillAsync(RecordStore store, World world)
    {
        for (var round = 0; round < 10; round++)
        {
            var writes = new Dictionary<(string, string), Write>();
            for (var i = 0; i < 60; i++)
            {
                var type = world.Pick(World.Types);
                var id = world.Id(type);
                writes[(type, id)] = round > 0 && world.Chance(5) ? Sample.Delete(type, id) : Labelled(world, world.Write(type, id));
            }

            for (var i = 0; i < 3; i++)
            {
                var id = "c" + world.Next(10);
                writes[("Consent", id)] = round > 0 && world.Chance(15) ? Sample.Delete("Consent", id) : Put("Consent", id, Consent(world));
                writes[("ServiceRequest", "s" + i)] = Put("ServiceRequest", "s" + i, new JsonObject
                {
                    ["status"] = world.Pick(["active", "completed", "revoked"]),
                    ["intent"] = "order",
                    ["subject"] = Reference("Patient", world),
                    ["authoredOn"] = world.Pick(["2024-12-31", "2025-03-05", "2025-04-20"]),
                    ["performer"] = new JsonArray(Reference("Organization", world), Reference("Practitioner", world)),
                });
                writes[("Encounter", "now" + i)] = Put("Encounter", "now" + i, new JsonObject
                {
                    ["status"] = world.Pick(["in-progress", "finished"]),
                    ["subject"] = Reference("Patient", world),
                    ["location"] = new JsonArray(new JsonObject { ["location"] = new JsonObject { ["reference"] = "Location/" + world.Pick(["w1", "w2", "w3"]) }, ["status"] = world.Pick(["active", "completed"]) }),
                    ["participant"] = new JsonArray(new JsonObject { ["individual"] = Reference("Practitioner", world) }),
                });
            }

            // Chains of links, which later rounds take apart again where they write one of the Patients anew.
            for (var i = world.Next(4); i < 4; i++)
            {
                LinkBoth(writes, world, world.Id("Patient"), world.Id("Patient"));
            }

            await store.CommitAsync(Sample.Commit([.. writes.Values]), None);
        }

        return await store.FeedAsync(0, 10_000, None);
    }

    private static void LinkBoth(Dictionary<(string, string), Write> writes, World world, string a, string b)
    {
        foreach (var (one, other) in new[] { (a, b), (b, a) })
        {
            var write = writes.TryGetValue(("Patient", one), out var known) && known.Kind == WriteKind.Put ? known : Labelled(world, world.Write("Patient", one));
            var body = JsonNode.Parse(write.Body.Span)!.AsObject();
            var links = body["link"] as JsonArray ?? [];
            links.Add(new JsonObject { ["other"] = new JsonObject { ["reference"] = "Patient/" + other }, ["type"] = "seealso" });
            body["link"] = links;
            writes[("Patient", one)] = Put("Patient", one, body);
        }
    }

    private static Write Put(string type, string id, JsonObject body)
    {
        body["resourceType"] = type;
        body["id"] = id;
        return new Write(WriteKind.Put, type, id, JsonSerializer.SerializeToUtf8Bytes(body));
    }

    private static JsonObject Reference(string type, World world) => new() { ["reference"] = $"{type}/{world.Id(type)}" };

    private static JsonObject Consent(World world)
    {
        var body = new JsonObject
        {
            ["status"] = world.Pick(["active", "active", "active", "inactive"]),
            ["scope"] = Concept("patient-privacy"),
            ["patient"] = Reference("Patient", world),
        };
        if (world.Chance(40))
        {
            body["policyRule"] = Concept(world.Pick(["OPTIN", "OPTOUT"]));
        }

        if (world.Chance(85))
        {
            body["provision"] = Provision(world, 0);
        }

        return body;
    }

    private static JsonObject Provision(World world, int depth)
    {
        var provision = new JsonObject();
        if (depth > 0 || world.Chance(80))
        {
            provision["type"] = world.Pick(["deny", "permit"]);
        }

        if (world.Chance(20))
        {
            provision["period"] = new JsonObject { [world.Pick(["start", "end"])] = world.Pick(["2025-01-01", "2025-05-31", "2026-01-01"]) };
        }

        if (world.Chance(45))
        {
            provision["actor"] = new JsonArray([.. Enumerable.Range(0, 1 + world.Next(2)).Select(_ => new JsonObject { ["role"] = Concept("PRCP"), ["reference"] = Reference(world.Chance(75) ? "Organization" : "Practitioner", world) })]);
        }

        if (world.Chance(25))
        {
            provision["purpose"] = new JsonArray(Coding("http://terminology.hl7.org/CodeSystem/v3-ActReason", world.Pick(["TREAT", "HRESCH", "HOPERAT"])));
        }

        if (world.Chance(30))
        {
            provision["securityLabel"] = new JsonArray(Coding(Act, world.Pick(["HIV", "PSY"])), Coding(Act, "SUD"));
        }

        if (world.Chance(25))
        {
            provision["class"] = new JsonArray(Coding("http://hl7.org/fhir/resource-types", world.Pick(["Observation", "Condition", "Patient"])), Coding("http://hl7.org/fhir/resource-types", "Encounter"));
        }

        if (world.Chance(15))
        {
            provision["dataPeriod"] = new JsonObject { [world.Pick(["start", "end"])] = world.Pick(["2024-12-31", "2025-03-05"]) };
        }

        if (depth < 2 && world.Chance(50))
        {
            provision["provision"] = new JsonArray([.. Enumerable.Range(0, 1 + world.Next(2)).Select(_ => Provision(world, depth + 1))]);
        }

        return provision;
    }

    private static JsonObject Coding(string system, string code) => new() { ["system"] = system, ["code"] = code };

    private static JsonObject Concept(string code) => new() { ["coding"] = new JsonArray(new JsonObject { ["code"] = code }) };

    private static Write Labelled(World world, Write write)
    {
        if (!world.Chance(20))
        {
            return write;
        }

        var body = JsonNode.Parse(write.Body.Span)!.AsObject();
        var code = world.Pick(["HIV", "PSY", "R", "V", "SUD", "N"]);
        var meta = body["meta"] as JsonObject ?? [];
        meta["security"] = new JsonArray(new JsonObject { ["system"] = code.Length == 1 ? Confidentiality : Act, ["code"] = code });
        body["meta"] = meta;
        return write with { Body = JsonSerializer.SerializeToUtf8Bytes(body) };
    }

    /// <summary>The policy in the plainest words: no SQL, no index, one resource at a time.</summary>
    private sealed class Policy(Sight sight, Dictionary<(string Type, string Id), StoredResource> heads, IReadOnlyList<StoredResource> versions)
    {
        private readonly HashSet<string> _confidential = [.. versions.Where(v => v.Type == "Patient" && !v.IsDeleted).GroupBy(v => v.Id).Where(g => Labels(g.Last().Body).HasFlag(DataLabels.Confidential)).Select(g => g.Key)];

        public bool Shows(StoredResource resource)
        {
            var (patient, facility, date) = Keys(resource.Body);
            var person = resource.Type == "Patient" ? resource.Id : patient;
            var labels = Labels(resource.Body);
            if (person is not null && (labels & sight.HiddenFromProxy) == 0 && Linked(person).Any(sight.ActsFor.Contains))
            {
                return true;
            }

            if (person is not null && Linked(person).Any(sight.Persons.Contains))
            {
                return true;
            }

            var here = facility is not null && sight.Facilities.Contains(facility);
            var consents = person is null ? [] : Linked(person).SelectMany(Consents).Select(c => Spoken(c, sight, resource.Type, labels, here, date).ToList()).ToList();
            var opened = consents.Any(c => c.Any(r => !r.Denies && r.Labels != 0 && (labels & sight.Hidden & ~r.Labels) == 0)) && (labels & sight.HiddenHere) == 0;
            if (((labels & (here ? sight.HiddenHere : sight.Hidden)) != 0 && !opened) || (person is not null && sight.Hidden.HasFlag(DataLabels.Confidential) && _confidential.Contains(person)))
            {
                return false;
            }

            if (consents.Any(c => c.Any(deny => deny.Denies && !c.Any(permit => !permit.Denies && permit.Depth > deny.Depth))))
            {
                return false;
            }

            return IsRelated(resource, person, here, consents);
        }

        /// <summary>What facility separation alone lets through: the relationship, without labels and denials.</summary>
        public bool IsBeforeTheWall(StoredResource resource)
        {
            var (patient, facility, date) = Keys(resource.Body);
            var person = resource.Type == "Patient" ? resource.Id : patient;
            var here = facility is not null && sight.Facilities.Contains(facility);
            var open = sight.Persons.Concat(sight.ActsFor).ToList();
            var consents = person is null ? [] : Linked(person).SelectMany(Consents).Select(c => Spoken(c, sight, resource.Type, Labels(resource.Body), here, date).ToList()).ToList();
            return (person is not null && Linked(person).Any(open.Contains)) || IsRelated(resource, person, here, consents);
        }

        private bool IsRelated(StoredResource resource, string? person, bool here, List<List<(int Depth, bool Denies, DataLabels Labels)>> consents)
        {
            return sight.IsEveryone || sight.EveryoneTypes.Contains(resource.Type)
                || (person is null ? Open.Contains(resource.Type) || here : false)
                || (person is not null && Linked(person).Any(p => (sight.CountsVisits && heads.Values.Any(r => r.Type == "Encounter" && IsVisitHere(r, p))) || heads.Values.Any(r => IsTie(r, p))))
                || (sight.CountsConsents && consents.Any(c => c.Any(r => !r.Denies && r.Depth == 0)));
        }

        private IEnumerable<JsonElement> Consents(string person) => heads.Values.Where(r => r.Type == "Consent" && PatientOf(r.Body) == person).Select(r => JsonDocument.Parse(r.Body).RootElement).Where(c => c.GetProperty("status").GetString() == "active");

        /// <summary>The provisions of a Consent that speak of a piece, straight from the JSON; the conditions of those around one are its own too.</summary>
        private static IEnumerable<(int Depth, bool Denies, DataLabels Labels)> Spoken(JsonElement consent, Sight sight, string type, DataLabels labels, bool here, long date)
        {
            var rule = consent.TryGetProperty("policyRule", out var policy) ? policy.GetProperty("coding")[0].GetProperty("code").GetString() == "OPTOUT" ? "deny" : "permit" : null;
            if (!consent.TryGetProperty("provision", out var root))
            {
                return rule is not null && Holds([], rule == "deny") ? [(0, rule == "deny", DataLabels.None)] : [];
            }

            var own = root.TryGetProperty("type", out var t) ? t.GetString() : null;
            return own is not null && rule is not null && own != rule
                ? (Holds([], rule == "deny") ? new[] { (0, rule == "deny", DataLabels.None) } : []).Concat(Walk([root], own, 1))
                : Walk([root], own ?? rule, 0);

            IEnumerable<(int, bool, DataLabels)> Walk(IReadOnlyList<JsonElement> chain, string? kind, int depth)
            {
                if (kind is not null && Holds(chain, kind == "deny"))
                {
                    var of = chain.Select(p => Codes(p, "securityLabel")).Where(c => c.Count > 0).Select(c => c.Aggregate(DataLabels.None, (all, code) => all | Label(code))).ToList();
                    yield return (depth, kind == "deny", of.Count == 0 ? DataLabels.None : of.Aggregate((a, b) => a & b));
                }

                if (chain[^1].TryGetProperty("provision", out var inner))
                {
                    foreach (var found in inner.EnumerateArray().SelectMany(p => Walk([.. chain, p], p.GetProperty("type").GetString(), depth + 1)))
                    {
                        yield return found;
                    }
                }
            }

            bool Holds(IReadOnlyList<JsonElement> chain, bool denies)
            {
                var purposes = chain.Select(p => Codes(p, "purpose")).Where(c => c.Count > 0).ToList();
                var purpose = sight.Purpose switch { Purposes.Treatment => "TREAT", Purposes.Research => "HRESCH", _ => "HOPERAT" };
                var classes = chain.Select(p => Codes(p, "class")).Where(c => c.Count > 0).ToList();
                // The same facility and the same practitioner all the way down.
                var actors = chain.Select(Actors).Where(a => a.Count > 0).ToList();
                var (met, byName) = Meets(actors);
                return met
                    && purposes.All(p => p.Contains(purpose)) && (purposes.Count > 0 || !(denies && sight.IsByLaw))
                    && chain.All(p => Inside(p, "period", (sight.Now - DateTimeOffset.UnixEpoch).Ticks / 10))
                    && (denies ? Piece() && (classes.Count > 0 || type != "Patient") && (byName || !here) : type == "Patient" || Piece());

                bool Piece() => chain.All(p => Inside(p, "dataPeriod", date)) && classes.All(c => c.Contains(type)) && chain.Select(p => Codes(p, "securityLabel")).All(c => c.Count == 0 || c.Any(code => (Label(code) & labels) != 0));
            }

            (bool Met, bool ByName) Meets(List<List<(string Type, string Id)>> levels)
            {
                // Every way of choosing one actor a level; met when all of one choice fit the caller. One that names a practitioner counts as named.
                IEnumerable<List<(string Type, string Id)>> choices = [[]];
                foreach (var level in levels)
                {
                    choices = choices.SelectMany(c => level.Select(a => c.Append(a).ToList())).ToList();
                }

                var fits = choices.Where(c => c.All(a => a.Type == "Organization" ? sight.Facilities.Contains(a.Id["cskcb-".Length..]) : a.Id == sight.Practitioner)
                    && c.Where(a => a.Type == "Organization").Select(a => a.Id).Distinct().Count() <= 1).ToList();
                return (fits.Count > 0, fits.Any(c => c.Any(a => a.Type == "Practitioner")));
            }
        }

        private static List<(string Type, string Id)> Actors(JsonElement provision) => provision.TryGetProperty("actor", out var actors)
            ? [.. actors.EnumerateArray().Select(a => a.GetProperty("reference").GetProperty("reference").GetString()!.Split('/')).Select(r => (r[0], r[1]))]
            : [];

        private static List<string> Codes(JsonElement provision, string name) =>
            provision.TryGetProperty(name, out var codes) ? [.. codes.EnumerateArray().Select(c => c.GetProperty("code").GetString()!)] : [];

        private static bool Inside(JsonElement provision, string name, long instant) => !provision.TryGetProperty(name, out var period)
            || (period.TryGetProperty("start", out var start) ? Day(start) <= instant : instant < Day(period.GetProperty("end")) + 86_400_000_000);

        /// <summary>Days without an offset are days of Vietnam.</summary>
        private static long Day(JsonElement date) => (new DateTimeOffset(DateTime.Parse(date.GetString()!, System.Globalization.CultureInfo.InvariantCulture), TimeSpan.FromHours(7)) - DateTimeOffset.UnixEpoch).Ticks / 10;

        private static DataLabels Label(string code) => code switch { "HIV" => DataLabels.Hiv, "PSY" => DataLabels.Mental, _ => DataLabels.Substance };

        private bool IsTie(StoredResource resource, string person)
        {
            using var document = JsonDocument.Parse(resource.Body);
            var body = document.RootElement;
            if ((resource.Type == "Patient" ? resource.Id : PatientOf(resource.Body)) != person)
            {
                return false;
            }

            bool Facility(JsonElement reference) => Target(reference, "Organization/cskcb-") is { } code && sight.Facilities.Contains(code);
            bool Me(JsonElement reference) => sight.Practitioner is not null && Target(reference, "Practitioner/") == sight.Practitioner;
            var status = body.TryGetProperty("status", out var s) ? s.GetString() : "";
            return resource.Type switch
            {
                "Patient" => sight.Ties.HasFlag(TieKinds.Registration) && body.TryGetProperty("managingOrganization", out var o) && Facility(o),
                "ServiceRequest" => sight.Ties.HasFlag(TieKinds.Referral) && status != "revoked" && Day(body.GetProperty("authoredOn")) >= (sight.TiedSince - DateTimeOffset.UnixEpoch).Ticks / 10 && body.GetProperty("performer").EnumerateArray().Any(Facility),
                "Appointment" => sight.Ties.HasFlag(TieKinds.Team) && status == "booked" && body.TryGetProperty("participant", out var p) && p.EnumerateArray().Any(a => a.TryGetProperty("actor", out var who) && Me(who)),
                "Encounter" when status == "in-progress" && resource.Id.StartsWith("now", StringComparison.Ordinal) =>
                    (sight.Ties.HasFlag(TieKinds.Team) && Me(body.GetProperty("participant")[0].GetProperty("individual")))
                    || (sight.Ties.HasFlag(TieKinds.Ward) && body.GetProperty("location")[0].GetProperty("status").GetString() == "active" && sight.Wards.Contains(Target(body.GetProperty("location")[0].GetProperty("location"), "Location/") ?? "")),
                _ => false,
            };
        }

        private static string? Target(JsonElement reference, string prefix) =>
            reference.TryGetProperty("reference", out var text) && text.GetString()!.StartsWith(prefix, StringComparison.Ordinal) ? text.GetString()![prefix.Length..] : null;

        public bool ShowsVersion(StoredResource version)
        {
            // A deleted resource is as its last content was.
            var head = versions.Last(v => v.Type == version.Type && v.Id == version.Id);
            var content = head.IsDeleted ? versions.Last(v => v.Type == version.Type && v.Id == version.Id && !v.IsDeleted) : head;
            return Shows(content) && (head.Seq == version.Seq || (PatientAt(version) == PatientOf(content.Body) && (version.IsDeleted || (Labels(version.Body) & (sight.Hidden | sight.HiddenHere)) == 0)));
        }

        public static string? PatientOf(ReadOnlyMemory<byte> body) => Keys(body).Patient;

        /// <summary>Whose it was: a deletion has no content, and belongs to whom the content before it belonged.</summary>
        private string? PatientAt(StoredResource version) => version.IsDeleted
            ? PatientOf(versions.Last(v => v.Type == version.Type && v.Id == version.Id && v.Seq < version.Seq && !v.IsDeleted).Body)
            : PatientOf(version.Body);

        /// <summary>All records of the person: what both sides say they are one with, and whoever is reached over those.</summary>
        private List<string> Linked(string person)
        {
            var all = new List<string> { person };
            for (var i = 0; i < all.Count; i++)
            {
                all.AddRange(Links(all[i]).Where(other => !all.Contains(other) && Links(other).Contains(all[i])));
            }

            return all;
        }

        private IEnumerable<string> Links(string person)
        {
            if (!heads.TryGetValue(("Patient", person), out var head))
            {
                return [];
            }

            using var document = JsonDocument.Parse(head.Body);
            return document.RootElement.TryGetProperty("link", out var links)
                ? [.. links.EnumerateArray().Select(l => l.GetProperty("other").GetProperty("reference").GetString()!["Patient/".Length..])]
                : [];
        }

        private bool IsVisitHere(StoredResource visit, string person)
        {
            var (patient, facility, date) = Keys(visit.Body);
            return patient == person && facility is not null && sight.Facilities.Contains(facility) && date >= (sight.Since - DateTimeOffset.UnixEpoch).Ticks / 10;
        }

        private static (string? Patient, string? Facility, long Date) Keys(ReadOnlyMemory<byte> body)
        {
            using var document = JsonDocument.Parse(body);
            var keys = new IndexKeys();
            IndexExtractor.Extract(document.RootElement, keys);
            return (keys.PatientId, keys.OrganizationId, keys.Date);
        }

        private static DataLabels Labels(ReadOnlyMemory<byte> body)
        {
            using var document = JsonDocument.Parse(body);
            // A decision about delicate data is as delicate: it says that there is some.
            var raw = document.RootElement.GetProperty("resourceType").ValueEquals("Consent") ? document.RootElement.GetRawText() : "";
            var named = new[] { "HIV", "PSY", "SUD" }.Where(code => raw.Contains($"\"{code}\"", StringComparison.Ordinal)).Aggregate(DataLabels.None, (all, code) => all | Label(code));
            if (!document.RootElement.TryGetProperty("meta", out var meta) || !meta.TryGetProperty("security", out var security))
            {
                return named;
            }

            return security[0].GetProperty("code").GetString() switch
            {
                "HIV" => DataLabels.Hiv,
                "PSY" => DataLabels.Mental,
                "SUD" => DataLabels.Substance,
                "R" => DataLabels.Restricted,
                "V" => DataLabels.Confidential,
                _ => DataLabels.None,
            };
        }
    }
}
