namespace Darkroom.Engine.Previews;

/// <summary>A look at a picture on its way. It is no part of the job's state: it is made once, shown while it is the newest, and never stored.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Index">Which of its pictures, from 0.</param>
/// <param name="Step">Steps of that picture that were done.</param>
/// <param name="Width">Pixels of the preview, at most <see cref="PreviewPicture.MaxSide"/>.</param>
/// <param name="Height">Pixels of the preview.</param>
/// <param name="Png">The file, less than <see cref="PreviewPicture.MaxBytes"/>.</param>
public sealed record Preview(string JobId, int Index, int Step, int Width, int Height, ReadOnlyMemory<byte> Png);
