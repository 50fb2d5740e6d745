using DocumentFormat.OpenXml.Spreadsheet;

namespace Mach.Indicators.Sheets;

/// <summary>How the cells of a report look: the typeface and sizes of official papers, numbers with their formats.</summary>
/// <remarks>Source: Nghị định 30/2020/NĐ-CP, Phụ lục I (Times New Roman); ECMA-376 part 1, §18.8.</remarks>
internal static class SheetLooks
{
    public const uint Plain = 0, Body = 1, BodyStrong = 2, Title = 3, Aside = 4, Head = 5, Numbering = 6, Part = 7, Note = 8;
    private const uint FirstInTable = 9, FirstFormat = 164, PercentFormat = FirstFormat + MostDigits + 1;
    private const int MostDigits = 6, Regular = 0, Bold = 1, Large = 2, Italic = 3, Kinds = 4 + MostDigits + 1;

    /// <summary>The look of a cell of the table.</summary>
    public static uint Of(SheetCell cell, bool isStrong) => FirstInTable + (isStrong ? (uint)Kinds : 0) + cell.Kind switch
    {
        CellKind.Words => 0,
        CellKind.Order => 1,
        CellKind.Said => 2,
        CellKind.Percent => 3,
        _ => 4 + (uint)Math.Clamp(cell.Digits, 0, MostDigits),
    };

    public static Stylesheet Write()
    {
        var formats = new NumberingFormats();
        for (var digits = 0; digits <= MostDigits; digits++)
        {
            formats.Append(new NumberingFormat { NumberFormatId = FirstFormat + (uint)digits, FormatCode = digits == 0 ? "#,##0" : "#,##0." + new string('0', digits) });
        }

        formats.Append(new NumberingFormat { NumberFormatId = PercentFormat, FormatCode = "0.0%" });
        formats.Count = (uint)formats.ChildElements.Count;
        var looks = new CellFormats(
            Look(Regular),
            Look(Regular, HorizontalAlignmentValues.Center, wraps: true),
            Look(Bold, HorizontalAlignmentValues.Center, wraps: true),
            Look(Large, HorizontalAlignmentValues.Center, wraps: true),
            Look(Italic, HorizontalAlignmentValues.Center, wraps: true),
            Look(Bold, HorizontalAlignmentValues.Center, wraps: true, isInTable: true, isFilled: true),
            Look(Italic, HorizontalAlignmentValues.Center, isInTable: true),
            Look(Bold, HorizontalAlignmentValues.Left, isInTable: true, isFilled: true),
            Look(Italic, HorizontalAlignmentValues.Left, wraps: true));
        foreach (var font in new[] { Regular, Bold })
        {
            looks.Append(
                Look(font, HorizontalAlignmentValues.Left, wraps: true, isInTable: true),
                Look(font, HorizontalAlignmentValues.Center, isInTable: true),
                Look(font, HorizontalAlignmentValues.Right, isInTable: true),
                Look(font, HorizontalAlignmentValues.Right, isInTable: true, format: PercentFormat));
            for (var digits = 0; digits <= MostDigits; digits++)
            {
                looks.Append(Look(font, HorizontalAlignmentValues.Right, isInTable: true, format: FirstFormat + (uint)digits));
            }
        }

        looks.Count = (uint)looks.ChildElements.Count;
        return new Stylesheet(
            formats,
            new Fonts(Font(12), Font(12, isBold: true), Font(14, isBold: true), Font(12, isItalic: true)) { Count = 4 },
            new Fills(new Fill(new PatternFill { PatternType = PatternValues.None }), new Fill(new PatternFill { PatternType = PatternValues.Gray125 }), new Fill(new PatternFill(new ForegroundColor { Rgb = "FFEEF1F3" }) { PatternType = PatternValues.Solid })) { Count = 3 },
            new Borders(new Border(), new Border(Thin(new LeftBorder()), Thin(new RightBorder()), Thin(new TopBorder()), Thin(new BottomBorder()))) { Count = 2 },
            new CellStyleFormats(new CellFormat()) { Count = 1 },
            looks);
    }

    private static T Thin<T>(T side)
        where T : BorderPropertiesType
    {
        side.Style = BorderStyleValues.Thin;
        side.Color = new Color { Auto = true };
        return side;
    }

    private static Font Font(double size, bool isBold = false, bool isItalic = false)
    {
        var font = new Font();
        if (isBold)
        {
            font.Append(new Bold());
        }

        if (isItalic)
        {
            font.Append(new Italic());
        }

        font.Append(new FontSize { Val = size }, new FontName { Val = "Times New Roman" });
        return font;
    }

    private static CellFormat Look(int font, HorizontalAlignmentValues? side = null, bool wraps = false, bool isInTable = false, bool isFilled = false, uint format = 0)
    {
        var look = new CellFormat { FontId = (uint)font, ApplyFont = true, BorderId = isInTable ? 1u : 0, ApplyBorder = isInTable, FillId = isFilled ? 2u : 0, ApplyFill = isFilled, NumberFormatId = format, ApplyNumberFormat = format > 0, FormatId = 0 };
        if (side is { } at)
        {
            look.ApplyAlignment = true;
            look.Append(new Alignment { Horizontal = at, Vertical = VerticalAlignmentValues.Center, WrapText = wraps });
        }

        return look;
    }
}
