namespace Mach.Ui.Print;

/// <summary>Cuts text into lines.</summary>
internal static class Wrapping
{
    /// <summary>Lines no wider than <paramref name="width"/>: cut at spaces, inside a word only where the word alone is too wide. Line breaks of the text are kept, empty lines are not.</summary>
    /// <param name="width">In points.</param>
    /// <param name="indent">What the first line has less, in points.</param>
    public static List<string> Lines(string text, Look look, double width, double indent = 0)
    {
        var lines = new List<string>();
        foreach (var paragraph in Look.Clean(text).Split('\n'))
        {
            var line = "";
            var room = width - (lines.Count == 0 ? indent : 0);
            foreach (var word in paragraph.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                var longer = line.Length == 0 ? word : line + " " + word;
                if (look.Width(longer) <= room)
                {
                    line = longer;
                    continue;
                }

                // Beside a label the first line may be too short for a word that has room below.
                if (line.Length > 0 || (lines.Count == 0 && indent > 0 && look.Width(word) <= width))
                {
                    lines.Add(line);
                    room = width;
                }

                line = Cut(word, look, room, lines);
                room = lines.Count == 0 ? room : width;
            }

            if (line.Length > 0)
            {
                lines.Add(line);
            }
        }

        return lines;
    }

    /// <summary>Adds what fills whole lines and gives back the rest of the word.</summary>
    private static string Cut(string word, Look look, double room, List<string> lines)
    {
        while (look.Width(word) > room && word.Length > 1)
        {
            var fits = 1;
            while (fits < word.Length - 1 && look.Width(word.AsSpan(0, fits + 1)) <= room)
            {
                fits++;
            }

            lines.Add(word[..fits]);
            word = word[fits..];
        }

        return word;
    }
}
