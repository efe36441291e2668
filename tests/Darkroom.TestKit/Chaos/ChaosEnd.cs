namespace Darkroom.TestKit.Chaos;

/// <summary>How an order ended.</summary>
/// <param name="End">In the words of <see cref="Expectation"/>.</param>
/// <param name="Pictures">SHA-256 of each picture; null where there is none, or nobody saw them.</param>
/// <param name="Detail">What else was said.</param>
public sealed record ChaosEnd(string End, IReadOnlyList<string>? Pictures = null, string Detail = "")
{
    public static readonly ChaosEnd Left = new(Expectation.Left);
}
