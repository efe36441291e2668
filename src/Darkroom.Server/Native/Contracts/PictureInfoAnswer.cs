using Darkroom.Imaging.Metadata.Tools;

namespace Darkroom.Server.Native.Contracts;

/// <summary>What a picture's file says of how it was made.</summary>
/// <param name="Info">The parameters text as it stands in the file; where a tool writes its values in a form of its own, those values as such a text. Empty
/// where there are none.</param>
/// <param name="Parameters">The fields of its last line, by AUTOMATIC1111's names; values as they are written.</param>
/// <param name="NegativePrompt">Empty where there is none.</param>
/// <param name="Prompt">Empty where there is none.</param>
/// <param name="Items">What else the file says.</param>
/// <param name="Tool">Which tool wrote it: one of <see cref="GeneratorTools.Names"/>; null where none of them is recognised.</param>
public sealed record PictureInfoAnswer(
    string Info, IReadOnlyDictionary<string, string> Parameters, string NegativePrompt, string Prompt, PictureItems Items, string? Tool);

/// <param name="Format"><c>png</c>, <c>jpeg</c> or <c>webp</c>.</param>
/// <param name="Width">Pixels, upright.</param>
/// <param name="Height">Pixels, upright.</param>
/// <param name="Texts">Every other text of the file as it stands, by PNG keyword or EXIF tag.</param>
public sealed record PictureItems(string Format, int Width, int Height, IReadOnlyDictionary<string, string> Texts);
