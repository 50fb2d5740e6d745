using System.Globalization;
using System.IO.Compression;
using System.Text;
using ExcelDataReader;
using Mach.Kernel;

namespace Mach.Registry.Imports;

/// <summary>Reads xlsx, xls and csv files. The kind is told from the bytes, not from the name.</summary>
internal static class SheetReader
{
    /// <summary>Most bytes of an unpacked xlsx: more is an attack or a mistake.</summary>
    private const long MostUnpacked = 400L * 1024 * 1024;

    /// <summary>Most files inside an xlsx: a workbook of a few sheets has about twenty.</summary>
    private const int MostParts = 1000;

    /// <summary>Most characters of a cell. Source: Excel specifications and limits, "Total number of characters that a cell can contain".</summary>
    private const int MostText = 32_767;

    /// <summary>Most characters of all cells: cells of a workbook may share one long text, so that little unpacks to much.</summary>
    private const int MostTexts = 32 * 1024 * 1024;

    static SheetReader() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <exception cref="SheetException">Not a spreadsheet or UTF-8 text, damaged, or too large.</exception>
    public static Sheet Read(byte[] bytes)
    {
        if (bytes.Length == 0)
        {
            throw new SheetException("Tệp rỗng.", "The file is empty.");
        }

        if (bytes.Length > Sheet.MostBytes)
        {
            throw new SheetException("Tệp lớn hơn 20 MB.", "The file is larger than 20 MB.");
        }

        var isZip = bytes.AsSpan().StartsWith("PK\u0003\u0004"u8);
        return isZip || bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0]) ? Workbook(bytes, isZip) : new Sheet(Csv.Read(Text(bytes)));
    }

    private static Sheet Workbook(byte[] bytes, bool isZip)
    {
        try
        {
            if (isZip)
            {
                using var zip = new ZipArchive(new MemoryStream(bytes, writable: false));
                if (zip.Entries.Count > MostParts || zip.Entries.Sum(e => e.Length) > MostUnpacked)
                {
                    throw new SheetException("Tệp xlsx mở ra quá lớn.", "The xlsx file unpacks to too much.");
                }
            }

            using var reader = ExcelReaderFactory.CreateReader(new MemoryStream(bytes, writable: false));
            var rows = new List<SheetRow>();
            var texts = 0;
            for (var number = 1; reader.Read(); number++)
            {
                Limit(number, reader.FieldCount);
                var cells = new string[reader.FieldCount];
                for (var i = 0; i < cells.Length; i++)
                {
                    cells[i] = Cell(reader.GetValue(i));
                    texts += cells[i].Length;
                }

                if (texts > MostTexts)
                {
                    throw new SheetException("Tệp xlsx mở ra quá lớn.", "The xlsx file unpacks to too much.");
                }

                if (cells.Any(c => c.Length > 0))
                {
                    rows.Add(new SheetRow(number, cells));
                }
            }

            return new Sheet(rows);
        }
        catch (Exception e) when (e is not SheetException and not OutOfMemoryException)
        {
            // The reader throws a dozen kinds for a damaged workbook; all of them mean the same to the sender.
            throw new SheetException($"Không đọc được bảng tính: tệp hỏng, có mật khẩu, hoặc không phải xlsx/xls ({e.GetType().Name}).", $"The workbook cannot be read: damaged, protected by a password, or no xlsx/xls ({e.GetType().Name}).");
        }
    }

    internal static void Limit(int row, int columns)
    {
        if (row > Sheet.MostRows || columns > Sheet.MostColumns)
        {
            throw new SheetException($"Tệp có hơn {Sheet.MostRows} dòng hoặc {Sheet.MostColumns} cột.", $"The file has more than {Sheet.MostRows} lines or {Sheet.MostColumns} columns.");
        }
    }

    private static string Cell(object? value) => value switch
    {
        null => "",
        string { Length: > MostText } => throw new SheetException($"Một ô có hơn {MostText} ký tự.", $"A cell has more than {MostText} characters."),
        string text => VietnameseText.Compose(text).Trim(),
        DateTime { TimeOfDay.Ticks: 0 } date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime time => time.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture),
        double number => number.ToString(number == Math.Floor(number) && Math.Abs(number) < 1e15 ? "F0" : "R", CultureInfo.InvariantCulture),
        bool flag => flag ? "1" : "0",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)?.Trim() ?? "",
    };

    private static string Text(byte[] bytes)
    {
        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
            if (text.Contains('\0', StringComparison.Ordinal))
            {
                throw new SheetException("Tệp không phải csv UTF-8, xlsx hay xls.", "The file is neither UTF-8 csv, xlsx nor xls.");
            }

            return text.TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            throw new SheetException("Tệp csv phải ở mã UTF-8; trong Excel chọn \"CSV UTF-8\" khi lưu.", "A csv file must be UTF-8; choose \"CSV UTF-8\" when saving from Excel.");
        }
    }
}
