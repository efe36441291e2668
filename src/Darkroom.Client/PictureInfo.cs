namespace Darkroom.Client;

/// <summary>What a picture's file says of how it was made.</summary>
/// <param name="Info">The parameters text as it stands in the file; empty where there is none.</param>
/// <param name="Parameters">The fields of its last line, by AUTOMATIC1111's names.</param>
/// <param name="NegativePrompt">Empty where there is none.</param>
/// <param name="Prompt">Empty where there is none.</param>
/// <param name="Items">What else the file says.</param>
/// <param name="Tool">Which tool wrote it; null where none is recognised.</param>
/// <param name="Request">What would make the picture again; null where the file says of no generation.</param>
public sealed record PictureInfo(
    string Info, IReadOnlyDictionary<string, string> Parameters, string NegativePrompt, string Prompt, PictureItems Items, string? Tool,
    PictureRequest? Request);

/// <summary>The request that would make a picture again.</summary>
/// <param name="Address">Where it is posted: <c>/v1/txt2img</c>.</param>
/// <param name="Fields">What is posted.</param>
/// <param name="Missing">What it needs and the file does not hold, or the server does not have; a sentence each.</param>
/// <param name="Unused">Fields of the file that nothing was made of.</param>
public sealed record PictureRequest(string Address, RequestFields Fields, IReadOnlyList<string> Missing, IReadOnlyDictionary<string, string> Unused);

/// <summary>What else a picture's file says.</summary>
/// <param name="Format">Of the file.</param>
/// <param name="Width">Pixels, upright.</param>
/// <param name="Height">Pixels, upright.</param>
/// <param name="Texts">Every other text of the file, by PNG keyword or EXIF tag.</param>
public sealed record PictureItems(PictureFormat Format, int Width, int Height, IReadOnlyDictionary<string, string> Texts);
