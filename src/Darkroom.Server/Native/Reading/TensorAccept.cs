using Darkroom.Server.Generation;
using Microsoft.Net.Http.Headers;

namespace Darkroom.Server.Native.Reading;

/// <summary>How tensors are answered: as the file itself, or as JSON that says where it lies.</summary>
internal static class TensorAccept
{
    private const string Json = "application/json";

    /// <summary>Whether the answer is JSON; null: neither is acceptable. Of equals the file is sent.</summary>
    public static bool? IsJson(IHeaderDictionary headers)
    {
        if (headers.Accept.Count == 0 || headers.Accept is [""]) return false;
        if (!MediaTypeHeaderValue.TryParseList(headers.Accept, out var ranges)) return null;
        var (file, json) = (QualityOf(ranges, PictureFormats.Bytes), QualityOf(ranges, Json));
        return file <= 0 && json <= 0 ? null : json > file;
    }

    /// <summary>Of the most exact range that a media type lies in; a little more where it is named itself.</summary>
    private static double QualityOf(IList<MediaTypeHeaderValue> ranges, string mediaType)
    {
        const double named = 1e-6;
        var (quality, exactness) = (0.0, -1);
        foreach (var range in ranges)
        {
            var exact = range.MatchesAllTypes ? 0
                : range.MatchesAllSubTypes ? (mediaType.StartsWith(range.Type.Value + "/", StringComparison.OrdinalIgnoreCase) ? 1 : -1)
                : range.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase) ? 2 : -1;
            if (exact > exactness) (quality, exactness) = (range.Quality ?? 1, exact);
        }
        return quality > 0 ? quality + named * exactness : 0;
    }
}
