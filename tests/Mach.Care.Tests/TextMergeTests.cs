using Mach.Care.Notes;

namespace Mach.Care.Tests;

/// <summary>Whatever two sides typed is there afterwards, and who changed alone gets exactly what they typed.</summary>
public sealed class TextMergeTests
{
    private const int Runs = 4000;

    [Theory]
    [InlineData("", "a", "", "a")]
    [InlineData("a", "a", "b", "b")]
    [InlineData("a\nb", "a\nb\nc", "z\na\nb", "z\na\nb\nc")]
    [InlineData("Đau đầu.", "Đau đầu. Sốt.", "Đau đầu. Ho.", "Đau đầu. Ho. Sốt.")]
    [InlineData("Sốt. Ho.", "Sốt cao. Ho.", "Sốt. Ho khan.", "Sốt cao. Ho khan.")]
    [InlineData("một\nhai\nba", "một\nba", "một\nhai\nba\nbốn", "một\nba\nbốn")]
    [InlineData("một\nhai\nba", "một\nba", "một\nhai, sửa\nba", "một\nhai, sửa\nba")]
    [InlineData("huyết áp 120/80", "huyết áp 120/80", "huyết áp 130.5/80", "huyết áp 130.5/80")]
    [InlineData("", "Ho ba ngày", "Sốt hai ngày", "Sốt hai ngày\nHo ba ngày")]
    [InlineData("đau", "đau b", "đau bụng", "đau bụng")]
    public void Changes_come_together(string began, string mine, string theirs, string merged) => Assert.Equal(merged, TextMerge.Merge(began, mine, theirs));

    [Fact]
    public void One_sentence_that_both_changed_stands_twice_with_a_mark_and_is_never_mixed()
    {
        var merged = TextMerge.Merge("không sốt", "có sốt", "không ho");
        Assert.Equal($"có sốt\n{TextMerge.Mark}\nkhông ho", merged);
        Assert.True(TextMerge.HasMark(merged));
        // Who writes on in the marked place meets no second mark.
        Assert.Equal($"có sốt cao\n{TextMerge.Mark}\nkhông ho", TextMerge.Merge("có sốt", "có sốt cao", merged));
    }

    [Fact]
    public void Line_ends_of_any_kind_are_one() => Assert.Equal("a\nb\nc", TextMerge.Merge("a\r\nb", "a\nb", "a\rb\r\nc"));

    [Fact]
    public void Whatever_either_side_typed_is_there_and_who_changed_alone_is_followed_to_the_letter()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        for (var run = 0; run < Runs; run++)
        {
            var began = Invent(random, random.Next(0, 8));
            var (mine, myWords) = Change(random, began, "M" + run);
            var (theirs, theirWords) = Change(random, began, "T" + run);
            var merged = TextMerge.Merge(began, mine, theirs);
            foreach (var word in myWords.Concat(theirWords))
            {
                Assert.True(merged.Contains(word, StringComparison.Ordinal), $"seed {seed} run {run}: {word} is lost\nbegan: {began}\nmine: {mine}\ntheirs: {theirs}\nmerged: {merged}");
            }

            Assert.Equal(mine, TextMerge.Merge(began, mine, began));
            Assert.Equal(theirs, TextMerge.Merge(began, began, theirs));
            Assert.Equal(mine, TextMerge.Merge(began, mine, mine));
            // A page that has taken the joined text and writes nothing changes nothing.
            Assert.Equal(merged, TextMerge.Merge(mine, mine, merged));
            Assert.Equal(merged, TextMerge.Merge(merged, merged, merged));
        }
    }

    [Fact]
    public void Two_pages_that_write_on_and_on_lose_nothing_and_end_with_the_same_text()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        for (var run = 0; run < 200; run++)
        {
            var head = Invent(random, 5);
            string[] began = [head, head], here = [head, head];
            var typed = new List<string>();
            for (var step = 0; step < 25; step++)
            {
                var page = random.Next(2);
                if (random.Next(3) > 0)
                {
                    var word = $"W{run}x{step}";
                    // At the end of a paragraph of its own choice, as people write.
                    var lines = here[page].Split('\n').ToList();
                    var at = random.Next(lines.Count);
                    lines[at] += (lines[at].Length == 0 || lines[at].EndsWith('.') ? " " : ". ") + word + ".";
                    here[page] = string.Join('\n', lines);
                    typed.Add(word);
                }
                else
                {
                    head = TextMerge.Merge(began[page], here[page], head);
                    began[page] = here[page] = head;
                }
            }

            for (var round = 0; round < 2; round++)
            {
                for (var page = 0; page < 2; page++)
                {
                    head = TextMerge.Merge(began[page], here[page], head);
                    began[page] = here[page] = head;
                }
            }

            Assert.All(typed, word => Assert.True(head.Contains(word, StringComparison.Ordinal), $"seed {seed} run {run}: {word} is lost in {head}"));
            Assert.Equal(here[0], here[1]);
        }
    }

    [Fact]
    public void Edits_make_one_list_the_other()
    {
        var random = new Random(7);
        for (var run = 0; run < 2000; run++)
        {
            List<string> Some() => [.. Enumerable.Range(0, random.Next(0, 12)).Select(_ => ((char)('a' + random.Next(4))).ToString())];
            var (before, after) = (Some(), Some());
            var made = new List<string>();
            var at = 0;
            foreach (var edit in TextEdits.Of(before, after))
            {
                made.AddRange(before[at..edit.Start]);
                made.AddRange(edit.Now);
                at = edit.End;
            }

            made.AddRange(before[at..]);
            Assert.Equal(after, made);
        }
    }

    private static string Invent(Random random, int paragraphs) =>
        string.Join('\n', Enumerable.Range(0, paragraphs).Select(p => string.Concat(Enumerable.Range(0, random.Next(0, 4)).Select(s => $"{(s > 0 ? " " : "")}câu {p}.{s} {random.Next(3)}{(random.Next(5) > 0 ? "." : "")}"))));

    /// <summary>Some edits by one side: new words with names of their own, taken-away pieces, changed sentences.</summary>
    private static (string Text, List<string> Words) Change(Random random, string began, string name)
    {
        var lines = began.Split('\n').ToList();
        var words = new List<string>();
        for (var i = random.Next(0, 4); i > 0; i--)
        {
            var word = $"{name}n{i}!";
            var at = random.Next(lines.Count);
            switch (random.Next(5))
            {
                case 0:
                    lines.Insert(at, word);
                    words.Add(word);
                    break;
                case 1:
                    lines[at] = lines[at].Length == 0 ? word : lines[at].Insert(random.Next(lines[at].Length + 1) is var cut && words.Exists(w => lines[at].Contains(w, StringComparison.Ordinal)) ? lines[at].Length : cut, " " + word + " ");
                    words.Add(word);
                    break;
                case 2:
                    lines[at] += " " + word;
                    words.Add(word);
                    break;
                case 3 when lines.Count > 1 && !words.Exists(w => lines[at].Contains(w, StringComparison.Ordinal)):
                    lines.RemoveAt(at);
                    break;
                default:
                    lines.Add(word);
                    words.Add(word);
                    break;
            }
        }

        return (string.Join('\n', lines), words);
    }
}
