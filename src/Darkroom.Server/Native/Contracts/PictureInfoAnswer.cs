namespace Darkroom.Server.Native.Contracts;

/// <summary>What a picture's file says of how it was made.</summary>
/// <param name="Info">The whole text as it stands in the file; empty where there is none.</param>
/// <param name="Parameters">The fields of its last line, by AUTOMATIC1111's names; values as they are written.</param>
/// <param name="NegativePrompt">Empty where there is none.</param>
/// <param name="Prompt">Empty where there is none.</param>
/// <param name="Items">What else the file says.</param>
public sealed record PictureInfoAnswer(
    string Info, IReadOnlyDictionary<string, string> Parameters, string NegativePrompt, string Prompt, PictureItems Items);

/// <param name="Format"><c>png</c>, <c>jpeg</c> or <c>webp</c>.</param>
/// <param name="Width">Pixels, upright.</param>
/// <param name="Height">Pixels, upright.</param>
public sealed record PictureItems(string Format, int Width, int Height);
