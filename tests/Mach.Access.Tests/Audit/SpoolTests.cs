using System.Text;
using Mach.Access.Audit;

namespace Mach.Access.Tests.Audit;

public sealed class SpoolTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("mach-spool-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_chain_goes_on_where_it_ended()
    {
        var lines = new List<ChainedLine>();
        string chain;
        using (var spool = AuditSpool.Open(_root))
        {
            chain = spool.Chain;
            Assert.Equal(1, spool.Append("một"u8));
            Assert.Equal(2, spool.Append("hai"u8));
        }

        using (var spool = AuditSpool.Open(_root))
        {
            Assert.Equal((chain, 2L), (spool.Chain, spool.Last));
            Assert.Equal(3, spool.Append("ba"u8));
            lines = spool.ReadAfter(0, 10);
        }

        Assert.Equal(["một", "hai", "ba"], lines.Select(l => Encoding.UTF8.GetString(l.Body)));
        var hash = AuditChain.Start(chain);
        foreach (var line in lines)
        {
            hash = AuditChain.Next(hash, line.Seq, line.Body);
            Assert.Equal(hash, line.Hash);
        }
    }

    [Fact]
    public void Two_processes_write_two_chains()
    {
        using var one = AuditSpool.Open(_root);
        using var two = AuditSpool.Open(_root);
        Assert.NotEqual(one.Chain, two.Chain);
        Assert.Null(AuditSpool.TryOpen(Path.Combine(_root, one.Chain)));
    }

    /// <summary>Cut anywhere, a file gives every line that was whole, and the chain goes on after them.</summary>
    [Fact]
    public void A_torn_tail_is_cut_at_the_last_whole_line()
    {
        string chain;
        using (var spool = AuditSpool.Open(_root))
        {
            chain = spool.Chain;
            spool.Append("một"u8);
            spool.Append("hai"u8);
        }

        var file = Directory.GetFiles(Path.Combine(_root, chain), "*.seg").Single();
        var whole = File.ReadAllBytes(file);
        var second = whole.Length - 4 - "hai"u8.Length - AuditChain.HashSize;
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(file, whole[..length]);
            using var spool = AuditSpool.TryOpen(Path.Combine(_root, chain))!;
            var kept = length >= second ? 1 : 0;
            Assert.Equal(kept, spool.Last);
            Assert.Equal(kept + 1, spool.Append("lại"u8));
            Assert.Equal(kept + 1, spool.ReadAfter(0, 10).Count);
        }
    }

    [Fact]
    public void Rubbish_behind_the_last_line_is_no_line()
    {
        string chain;
        using (var spool = AuditSpool.Open(_root))
        {
            chain = spool.Chain;
            spool.Append("một"u8);
        }

        var file = Directory.GetFiles(Path.Combine(_root, chain), "*.seg").Single();
        File.AppendAllText(file, "\u0003\0\0\0abc" + new string('x', 32));
        using var again = AuditSpool.Open(_root);
        Assert.Equal(1, again.Last);
    }

    /// <summary>Random sizes over many segments: what is read is what was written, from any place, also after files were forgotten.</summary>
    [Fact]
    public void Segments_roll_and_what_was_moved_is_forgotten()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var written = new List<byte[]>();
        using var spool = AuditSpool.Open(_root, segmentBytes: 2000);
        for (var i = 0; i < 300; i++)
        {
            var body = new byte[random.Next(0, 400)];
            random.NextBytes(body);
            written.Add(body);
            Assert.Equal(i + 1, spool.Append(body));
        }

        for (var tries = 0; tries < 20; tries++)
        {
            var (after, count) = (random.Next(0, 300), random.Next(1, 300));
            var read = spool.ReadAfter(after, count);
            Assert.True(written.Skip(after).Take(count).Select(Convert.ToHexString).SequenceEqual(read.Select(l => Convert.ToHexString(l.Body))), $"seed {seed}");
        }

        var files = Directory.GetFiles(Path.Combine(_root, spool.Chain), "*.seg").Length;
        spool.Forget(250);
        Assert.True(Directory.GetFiles(Path.Combine(_root, spool.Chain), "*.seg").Length < files);
        Assert.Equal(50, spool.ReadAfter(250, 1000).Count);
        spool.Forget(300);
        Assert.Equal(301, spool.Append("còn"u8));
    }

    [Fact]
    public void A_reader_that_goes_on_beside_a_writer_misses_nothing_and_reads_nothing_twice()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        using var spool = AuditSpool.Open(_root, segmentBytes: 3000);
        var written = 0;
        var read = new List<string>();
        while (written < 600)
        {
            for (var n = random.Next(0, 40); n > 0; n--)
            {
                spool.Append(Encoding.UTF8.GetBytes("dòng " + ++written + new string('x', random.Next(0, 200))));
            }

            var some = spool.ReadAfter(read.Count, random.Next(1, 60));
            Assert.True(some.Select((l, i) => l.Seq == read.Count + 1 + i).All(right => right), $"seed {seed}");
            read.AddRange(some.Select(l => Encoding.UTF8.GetString(l.Body).TrimEnd('x')));
            if (random.Next(4) == 0)
            {
                spool.Forget(read.Count);
            }
        }

        read.AddRange(spool.ReadAfter(read.Count, 10_000).Select(l => Encoding.UTF8.GetString(l.Body).TrimEnd('x')));
        Assert.True(Enumerable.Range(1, written).Select(i => "dòng " + i).SequenceEqual(read), $"seed {seed}");
    }

    [Fact]
    public void A_damaged_line_leaves_a_gap_and_what_comes_after_its_file_is_still_read()
    {
        using var spool = AuditSpool.Open(_root, segmentBytes: 500);
        for (var i = 1; i <= 40; i++)
        {
            spool.Append(Encoding.UTF8.GetBytes("dòng " + i));
        }

        var first = Directory.GetFiles(Path.Combine(_root, spool.Chain), "*.seg").Order(StringComparer.Ordinal).First();
        using (var file = new FileStream(first, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete))
        {
            file.Position = SegmentReader.HeaderSize + 5;
            file.WriteByte((byte)'?');
        }

        var seqs = spool.ReadAfter(0, 100).Select(l => l.Seq).ToList();
        Assert.True(seqs[0] > 1);
        Assert.Equal(40, seqs[^1]);
        Assert.Equal(seqs, spool.ReadAfter(0, 100).Select(l => l.Seq));
    }

    [Fact]
    public void Many_threads_make_one_chain()
    {
        using var spool = AuditSpool.Open(_root, segmentBytes: 5000);
        Parallel.For(0, 1000, i => spool.Append(Encoding.UTF8.GetBytes("dòng " + i)));
        var lines = spool.ReadAfter(0, 2000);
        Assert.Equal(Enumerable.Range(1, 1000).Select(i => (long)i), lines.Select(l => l.Seq));
        Assert.Equal(1000, lines.Select(l => Encoding.UTF8.GetString(l.Body)).Distinct().Count());
    }

    [Theory]
    [InlineData("""{"subject":{"reference":"Patient/a-1"}}""", "a-1")]
    [InlineData("""{"subject":{"reference":"https://x/fhir/Patient/a.2/_history/3"}}""", "a.2")]
    [InlineData("""{"text":"xPatient/không","patient":{"reference":"Patient/p"}}""", "p")]
    [InlineData("""{"subject":{"reference":"Group/g"}}""", null)]
    [InlineData("", null)]
    public void The_person_of_a_resource_is_the_patient_it_refers_to(string body, string? person) =>
        Assert.Equal(person, AuditScope.PatientOf(Encoding.UTF8.GetBytes(body)));
}
