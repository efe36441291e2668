namespace Darkroom.Diffusion.Attention;

/// <summary>Where the words of a request stand among the tokens that a lane reads.</summary>
/// <param name="Words">For each word the places of its tokens, of all times that it occurs; none where the text has it not.</param>
/// <param name="Content">Places of all tokens of the text itself: no start, no end, no padding.</param>
public sealed record WordPlaces(IReadOnlyList<IReadOnlyList<int>> Words, IReadOnlyList<int> Content);
