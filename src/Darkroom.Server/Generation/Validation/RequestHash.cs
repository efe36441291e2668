using System.Security.Cryptography;
using System.Text;

namespace Darkroom.Server.Generation.Validation;

/// <summary>
/// A hash of what a request asks: its kind and every value that was given, in whatever order, spelling of the form, or form of the body. A seed that is drawn
/// later is not in it.
/// </summary>
internal static class RequestHash
{
    /// <param name="what">The kind of request: a task, or what else makes a job.</param>
    /// <param name="values">What it gives.</param>
    /// <returns>SHA-256 in 64 hex digits.</returns>
    public static string Of(string what, FieldValues values)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, Encoding.UTF8.GetBytes(what));
        foreach (var (field, value, json) in values.Given.OrderBy(one => one.Field.Name, StringComparer.Ordinal))
        {
            Append(hash, Encoding.UTF8.GetBytes(field.Name));
            if (value is PictureFile picture) Append(hash, picture.Bytes);
            else Append(hash, Encoding.UTF8.GetBytes(json.GetRawText()));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>With its length before it, so that no two lists of parts give the same bytes.</summary>
    private static void Append(IncrementalHash hash, ReadOnlyMemory<byte> bytes)
    {
        hash.AppendData(BitConverter.GetBytes(bytes.Length));
        hash.AppendData(bytes.Span);
    }
}
