using Darkroom.Imaging;
using Darkroom.Server.Generation;
using Microsoft.Net.Http.Headers;

namespace Darkroom.Server.Native.Reading;

/// <summary>How an answer is sent: JSON, or the picture itself.</summary>
/// <param name="Picture">The picture's format; null: JSON.</param>
internal readonly record struct AnswerFormat(PictureFormat? Picture);

/// <summary>
/// The Accept header of a generation request. The largest q wins, then the more exact range, then JSON before pictures: so <c>*/*</c> is JSON,
/// <c>image/*</c> a PNG and <c>image/png, */*</c> a PNG.
/// </summary>
internal sealed class Accept
{
    private static readonly (string MediaType, AnswerFormat Answer)[] Offers =
    [
        ("application/json", new(null)),
        .. PictureFormats.Choices.Select(choice => ("image/" + choice.Name, new AnswerFormat(choice.Value))),
    ];

    private readonly List<(AnswerFormat Answer, double Quality, int Exactness)> ranked;

    private Accept(List<(AnswerFormat, double, int)> ranked) => this.ranked = ranked;

    /// <summary>Of a request that says nothing.</summary>
    public static Accept Any { get; } = new([(new(null), 1, 0)]);

    /// <summary>Null where nothing on offer is acceptable.</summary>
    public static Accept? Parse(IHeaderDictionary headers)
    {
        if (headers.Accept.Count == 0 || headers.Accept is [""]) return Any;
        if (!MediaTypeHeaderValue.TryParseList(headers.Accept, out var ranges)) return null;

        var ranked = new List<(AnswerFormat, double, int)>();
        foreach (var (mediaType, answer) in Offers)
        {
            // The most exact range speaks for an offer, whatever wider ones say.
            var (quality, exactness) = (0.0, -1);
            foreach (var range in ranges)
                if (Match(range, mediaType) is var match && match > exactness)
                    (quality, exactness) = (range.Quality ?? 1, match);
            if (quality > 0) ranked.Add((answer, quality, exactness));
        }
        return ranked.Count == 0 ? null : new(ranked);
    }

    /// <summary>The answer to send; among pictures that are equally welcome, the one that the request's <c>format</c> names.</summary>
    public AnswerFormat Choose(PictureFormat? format)
    {
        var first = ranked.MaxBy(offer => (offer.Quality, offer.Exactness));
        if (first.Answer.Picture is null || format is null) return first.Answer;
        foreach (var offer in ranked)
            if (offer.Answer.Picture == format && (offer.Quality, offer.Exactness) == (first.Quality, first.Exactness))
                return offer.Answer;
        return first.Answer;
    }

    /// <summary>Whether JSON will do, welcome or not.</summary>
    public bool TakesJson => ranked.Exists(static offer => offer.Answer.Picture is null);

    /// <summary>The formats of an answer that is the picture itself, the first the most welcome of equals; null: the answer is JSON.</summary>
    public SinglePicture? AsPicture()
    {
        var first = ranked.MaxBy(offer => (offer.Quality, offer.Exactness));
        if (first.Answer.Picture is null) return null;
        var equals = ranked.Where(offer => (offer.Quality, offer.Exactness) == (first.Quality, first.Exactness));
        return new([.. equals.Select(offer => offer.Answer.Picture).OfType<PictureFormat>()]);
    }

    private static int Match(MediaTypeHeaderValue range, string mediaType)
    {
        if (range.MatchesAllTypes) return 0;
        if (range.MatchesAllSubTypes) return mediaType.StartsWith(range.Type.Value + "/", StringComparison.OrdinalIgnoreCase) ? 1 : -1;
        return range.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase) ? 2 : -1;
    }
}
