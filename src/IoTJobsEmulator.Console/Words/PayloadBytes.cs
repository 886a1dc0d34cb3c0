using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace IoTJobsEmulator.WebConsole.Words;

/// <summary>The payload of a message, byte for byte.</summary>
/// <param name="bytes">Its bytes.</param>
public sealed class PayloadBytes(byte[] bytes)
{
    private const int InLine = 16, LongestHex = 64 * 1024;

    /// <summary>What a message of the emulator's API has as its bytes; null when it has none.</summary>
    public static PayloadBytes? Of(string? base64) => base64 is null ? null : new(Convert.FromBase64String(base64));

    public int Length => bytes.Length;

    /// <summary>Whether it can be read as text: UTF-8 without control characters other than tabs and line ends.</summary>
    public bool IsText => Utf8.IsValid(bytes) && !bytes.Any(one => one is < 0x20 and not ((byte)'\t' or (byte)'\n' or (byte)'\r') or 0x7f);

    public string Text => Encoding.UTF8.GetString(bytes);

    /// <summary>Whether <see cref="Hex"/> leaves out what follows its first 64 KB.</summary>
    public bool IsHexCut => bytes.Length > LongestHex;

    /// <summary>A line for 16 bytes: the place of the first, the bytes, and those of them that are ASCII.</summary>
    public string Hex
    {
        get
        {
            var text = new StringBuilder();
            for (var start = 0; start < Math.Min(bytes.Length, LongestHex); start += InLine)
            {
                var line = bytes.AsSpan(start, Math.Min(InLine, bytes.Length - start));
                text.Append(CultureInfo.InvariantCulture, $"{start:x8}  ");
                for (var place = 0; place < InLine; place++)
                {
                    text.Append(place < line.Length ? line[place].ToString("x2", CultureInfo.InvariantCulture) : "  ");
                    text.Append(place == InLine / 2 - 1 ? "  " : " ");
                }
                text.Append(' ');
                foreach (var one in line)
                    text.Append(one is >= 0x20 and < 0x7f ? (char)one : '.');
                text.Append('\n');
            }
            return text.ToString().TrimEnd('\n');
        }
    }
}
