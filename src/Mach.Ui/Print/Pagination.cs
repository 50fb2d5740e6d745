namespace Mach.Ui.Print;

/// <summary>Puts strips on pages. A page begins only where something stands on it, so there is no empty last page.</summary>
internal static class Pagination
{
    /// <param name="height">Room on a page, in points.</param>
    public static List<List<Mark>> Pages(IReadOnlyList<Strip> strips, double height)
    {
        var pages = new List<List<Mark>> { new() };
        var y = 0.0;
        for (var i = 0; i < strips.Count;)
        {
            var end = i;
            while (end < strips.Count - 1 && strips[end].WithNext)
            {
                end++;
            }

            // What belongs together moves to the next page together, unless no page could hold it.
            var together = Height(strips, i, end);
            if (y > 0 && y + strips[i].Before + together > height && together <= height)
            {
                y = Begin(pages, strips[i]);
            }

            for (; i <= end; i++)
            {
                if (y > 0 && y + strips[i].Before + strips[i].Height > height)
                {
                    y = Begin(pages, strips[i]);
                }

                y += y > 0 ? strips[i].Before : 0;
                pages[^1].AddRange(strips[i].Marks.Select(m => m.Moved(0, y)));
                y += strips[i].Height;
            }
        }

        return pages;
    }

    private static double Begin(List<List<Mark>> pages, Strip first)
    {
        pages.Add([.. first.Again?.Marks ?? []]);
        return first.Again?.Height ?? 0;
    }

    private static double Height(IReadOnlyList<Strip> strips, int from, int to)
    {
        var height = strips[from].Height;
        for (var i = from + 1; i <= to; i++)
        {
            height += strips[i].Before + strips[i].Height;
        }

        return height;
    }
}
