using System.Globalization;
using System.Text;
using Darkroom.Imaging;

namespace Darkroom.Server.Commands.Generate.Terminal;

/// <summary>iTerm2's inline images (https://iterm2.com/documentation-images.html), which WezTerm and mintty have too: the file in base64.</summary>
internal sealed class ITermPictures : ITerminalPictures
{
    public void Draw(StringBuilder to, PicturePlace place, Picture picture, ReadOnlyMemory<byte> file) => to.Append(CultureInfo.InvariantCulture,
        $"\e[{place.Column}G\e]1337;File=inline=1;size={file.Length};width={place.Columns};height={place.Rows};preserveAspectRatio=1:")
        .Append(Convert.ToBase64String(file.Span)).Append('\a');
}
