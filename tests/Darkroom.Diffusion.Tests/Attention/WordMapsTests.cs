using Darkroom.Diffusion.Attention;
using Darkroom.Diffusion.Prompts;

namespace Darkroom.Diffusion.Tests.Attention;

/// <summary>Sums of attention by word.</summary>
public sealed class WordMapsTests
{
    // start, two tokens of the first word, one of the second, end
    private static readonly WordPlaces Places = new([[1, 2], [3]], [1, 2, 3]);

    [Fact]
    public void Tokens_of_a_word_are_joined_and_steps_are_added()
    {
        var maps = new WordMaps(2);
        float[] map = [0.5f, 0.1f, 0.2f, 0.1f, 0.1f, 0.4f, 0.2f, 0.2f, 0.1f, 0.1f, 0.1f, 0f, 0f, 0.8f, 0.1f, 0.6f, 0.1f, 0.1f, 0.1f, 0.1f]; // [4, 5]
        Assert.True(maps.Add(map, 5, 2, 2, Places));
        Assert.True(maps.Add(map, 5, 2, 2, Places));
        Assert.Equal([0.6f, 0.8f, 0f, 0.4f], maps.MapOf(0, 2, 2));
        Assert.Equal([0.2f, 0.2f, 1.6f, 0.2f], maps.MapOf(1, 2, 2));
        Assert.Equal(0.9 / 2.0, maps.ShareOf(0), 1e-6);
        Assert.Equal(1, maps.ShareOf(0) + maps.ShareOf(1), 1e-6);
    }

    [Fact]
    public void Smaller_layers_are_scaled_to_the_picture_and_count_as_much()
    {
        var maps = new WordMaps(1);
        var word = new WordPlaces([[0]], [0, 1]);
        Assert.True(maps.Add([0.25f, 0.75f], 2, 3, 3, word)); // one cell for all
        Assert.All(maps.MapOf(0, 3, 3), value => Assert.Equal(0.25f, value));
        float[] fine = [.. Enumerable.Range(0, 9).SelectMany(cell => (float[])[cell == 4 ? 1 : 0, cell == 4 ? 0 : 1])];
        Assert.True(maps.Add(fine, 2, 3, 3, word));
        Assert.Equal([0.25f, 0.25f, 0.25f, 0.25f, 1.25f, 0.25f, 0.25f, 0.25f, 0.25f], maps.MapOf(0, 3, 3));
        Assert.Equal((0.25 + 1 / 9.0) / 2, maps.ShareOf(0), 1e-6);
    }

    [Fact]
    public void Grid_is_that_of_the_latents_halved_and_odd_sides_are_rounded_up()
    {
        var maps = new WordMaps(1);
        var word = new WordPlaces([[0]], [0]);
        Assert.True(maps.Add(new float[5 * 7], 1, 5, 7, word));
        Assert.True(maps.Add(new float[3 * 4], 1, 5, 7, word));
        Assert.True(maps.Add(new float[2 * 2], 1, 5, 7, word));
        Assert.False(maps.Add(new float[5], 1, 5, 7, word));
        Assert.Equal(0, maps.ShareOf(0));
    }

    /// <summary>torch: interpolate(tensor([[0, 1], [2, 3]]), size=4, mode="bilinear", align_corners=False).</summary>
    [Fact]
    public void Scaling_is_torchs_bilinear()
    {
        var maps = new WordMaps(1);
        maps.Add([0, 1, 2, 3], 1, 4, 4, new WordPlaces([[0]], [0]));
        Assert.Equal(
            [0, 0.25f, 0.75f, 1, 0.5f, 0.75f, 1.25f, 1.5f, 1.5f, 1.75f, 2.25f, 2.5f, 2, 2.25f, 2.75f, 3], maps.MapOf(0, 4, 4));
    }

    [Theory]
    [InlineData("A red-brick house, don't!", "a", "red-brick", "house", "don't")]
    [InlineData("  (x) 3d — Füchse 狐", "x", "3d", "füchse", "狐")]
    [InlineData("- '", new string[0])]
    public void Words_are_runs_of_letters_and_digits(string text, params string[] words) => Assert.Equal(words, PromptWords.Of(text));

    [Theory]
    [InlineData("red apple", true)]
    [InlineData("Apple", true)]
    [InlineData("apple red", false)]
    [InlineData("app", false)]
    [InlineData("", false)]
    public void Phrase_stands_in_a_text_where_its_words_follow_each_other(string phrase, bool there) =>
        Assert.Equal(there, PromptWords.Have(PromptWords.Of("a red apple"), phrase));
}
