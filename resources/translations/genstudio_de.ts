<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en_US">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About GenStudio</source>
        <translation>Über GenStudio</translation>
    </message>
    <message>
        <source>Images made by models on your own machine. Nothing is sent anywhere, and nothing is fetched. GenStudio is free under the Apache License 2.0.</source>
        <translation>Bilder von Modellen auf dem eigenen Rechner. Nichts wird gesendet, nichts wird geladen. GenStudio ist frei unter der Apache-Lizenz 2.0.</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Your data</source>
        <translation>Eigene Daten</translation>
    </message>
    <message>
        <source>Cache</source>
        <translation>Zwischenspeicher</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>{folder}: open the folder</source>
        <translation>{folder}: Ordner öffnen</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Made with</source>
        <translation>Gemacht mit</translation>
    </message>
    <message>
        <source>Licences</source>
        <translation>Lizenzen</translation>
    </message>
</context>
<context>
    <name>Actions</name>
    <message>
        <source>Undo {what}</source>
        <translation>Rückgängig: {what}</translation>
    </message>
    <message>
        <source>Redo {what}</source>
        <translation>Wiederholen: {what}</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Reset all controls</source>
        <translation>Alle Regler zurücksetzen</translation>
    </message>
    <message>
        <source>Every control back to the model&apos;s default; seed and prompt stay.</source>
        <translation>Jeder Regler auf die Vorgabe des Modells; Startzahl und Beschreibung bleiben.</translation>
    </message>
    <message>
        <source>Reset the latent sliders</source>
        <translation>Latente Regler zurücksetzen</translation>
    </message>
    <message>
        <source>Randomise the latent sliders</source>
        <translation>Latente Regler würfeln</translation>
    </message>
    <message>
        <source>Roll the dice for all sliders that are not locked.</source>
        <translation>Alle Regler würfeln, die nicht gesperrt sind.</translation>
    </message>
    <message>
        <source>Draw another</source>
        <translation>Neues Bild</translation>
    </message>
    <message>
        <source>A new picture: a new seed, unless the seed is locked.</source>
        <translation>Ein neues Bild: neue Startzahl, außer sie ist gesperrt.</translation>
    </message>
    <message>
        <source>Stop drawing</source>
        <translation>Zeichnen anhalten</translation>
    </message>
    <message>
        <source>Stop, and keep what is drawn so far.</source>
        <translation>Anhalten und behalten, was schon gezeichnet ist.</translation>
    </message>
    <message>
        <source>Finish the drawing</source>
        <translation>Zu Ende zeichnen</translation>
    </message>
    <message>
        <source>Lock the seed</source>
        <translation>Startzahl sperren</translation>
    </message>
    <message>
        <source>Variations nearby</source>
        <translation>Ähnliche Varianten</translation>
    </message>
    <message>
        <source>A sheet of nine pictures like this one; pick one.</source>
        <translation>Ein Bogen mit neun ähnlichen Bildern zur Auswahl.</translation>
    </message>
    <message>
        <source>Other seeds</source>
        <translation>Andere Startzahlen</translation>
    </message>
    <message>
        <source>A sheet of nine pictures from other seeds; pick one.</source>
        <translation>Ein Bogen mit neun Bildern aus anderen Startzahlen zur Auswahl.</translation>
    </message>
    <message>
        <source>Best of {count}</source>
        <translation>Bestes von {count}</translation>
    </message>
    <message>
        <source>Try the next seeds and keep the one that the model itself scores highest.</source>
        <translation>Die nächsten Startzahlen versuchen und die behalten, die das Modell selbst am höchsten bewertet.</translation>
    </message>
    <message>
        <source>Mask for drawing again</source>
        <translation>Maske zum Neuzeichnen</translation>
    </message>
    <message>
        <source>Brush over what is to be drawn again; [ and ] change the brush.</source>
        <translation>Übermalen, was neu gezeichnet werden soll; [ und ] ändern den Pinsel.</translation>
    </message>
    <message>
        <source>Draw the masked part again</source>
        <translation>Maskierten Teil neu zeichnen</translation>
    </message>
    <message>
        <source>Empty the mask</source>
        <translation>Maske leeren</translation>
    </message>
    <message>
        <source>Mark all but the locked tokens</source>
        <translation>Alles außer den gesperrten Tokens markieren</translation>
    </message>
    <message>
        <source>L locks the token under the cursor, so that it stays.</source>
        <translation>L sperrt das Token unter dem Zeiger, sodass es bleibt.</translation>
    </message>
    <message>
        <source>Unlock all tokens</source>
        <translation>Alle Tokens entsperren</translation>
    </message>
    <message>
        <source>One ring more around the mask</source>
        <translation>Ein Ring mehr um die Maske</translation>
    </message>
    <message>
        <source>So that the neighbours do not give the hole away.</source>
        <translation>Damit die Nachbarn das Loch nicht verraten.</translation>
    </message>
    <message>
        <source>How sure the model was</source>
        <translation>Wie sicher das Modell war</translation>
    </message>
    <message>
        <source>Each token&apos;s entropy; click one for what might have been.</source>
        <translation>Die Entropie jedes Tokens; ein Klick zeigt, was hätte sein können.</translation>
    </message>
    <message>
        <source>Extend to the right</source>
        <translation>Nach rechts erweitern</translation>
    </message>
    <message>
        <source>Draw half a picture more; what is there stays.</source>
        <translation>Ein halbes Bild mehr zeichnen; was da ist, bleibt.</translation>
    </message>
    <message>
        <source>Extend below</source>
        <translation>Nach unten erweitern</translation>
    </message>
    <message>
        <source>Put on the walk</source>
        <translation>Auf die Wanderung setzen</translation>
    </message>
    <message>
        <source>The picture becomes the next keyframe of the walk.</source>
        <translation>Das Bild wird das nächste Schlüsselbild der Wanderung.</translation>
    </message>
    <message>
        <source>Play the walk</source>
        <translation>Wanderung abspielen</translation>
    </message>
    <message>
        <source>Hold this picture as A</source>
        <translation>Dieses Bild als A halten</translation>
    </message>
    <message>
        <source>One end of the way between two pictures.</source>
        <translation>Das eine Ende des Weges zwischen zwei Bildern.</translation>
    </message>
    <message>
        <source>Hold this picture as B</source>
        <translation>Dieses Bild als B halten</translation>
    </message>
    <message>
        <source>The other end of the way between two pictures.</source>
        <translation>Das andere Ende des Weges zwischen zwei Bildern.</translation>
    </message>
    <message>
        <source>Hold this picture as C</source>
        <translation>Dieses Bild als C halten</translation>
    </message>
    <message>
        <source>The lower left corner of a square of pictures.</source>
        <translation>Die untere linke Ecke eines Quadrats aus Bildern.</translation>
    </message>
    <message>
        <source>Hold this picture as D</source>
        <translation>Dieses Bild als D halten</translation>
    </message>
    <message>
        <source>The lower right corner of a square of pictures.</source>
        <translation>Die untere rechte Ecke eines Quadrats aus Bildern.</translation>
    </message>
    <message>
        <source>Enlarge {scale} times</source>
        <translation>{scale}-fach vergrößern</translation>
    </message>
    <message>
        <source>Cancel all jobs</source>
        <translation>Alle Aufträge abbrechen</translation>
    </message>
    <message>
        <source>Clear finished jobs</source>
        <translation>Fertige Aufträge ausräumen</translation>
    </message>
    <message>
        <source>Open ...</source>
        <translation>Öffnen …</translation>
    </message>
    <message>
        <source>Open a picture that GenStudio made, any picture, or a model.</source>
        <translation>Ein Bild von GenStudio, ein anderes Bild oder ein Modell öffnen.</translation>
    </message>
    <message>
        <source>New sitting</source>
        <translation>Neue Sitzung</translation>
    </message>
    <message>
        <source>The history begins anew; every picture stays in the library.</source>
        <translation>Der Verlauf beginnt neu; jedes Bild bleibt in der Sammlung.</translation>
    </message>
    <message>
        <source>Add a model ...</source>
        <translation>Modell hinzufügen …</translation>
    </message>
    <message>
        <source>Add a model from a .gspack file.</source>
        <translation>Ein Modell aus einer .gspack-Datei hinzufügen.</translation>
    </message>
    <message>
        <source>Save the picture ...</source>
        <translation>Bild speichern …</translation>
    </message>
    <message>
        <source>As PNG with its recipe, WebP or JPEG.</source>
        <translation>Als PNG mit seinem Rezept, als WebP oder JPEG.</translation>
    </message>
    <message>
        <source>Save the project ...</source>
        <translation>Projekt speichern …</translation>
    </message>
    <message>
        <source>The whole history, to go on with another day.</source>
        <translation>Der ganze Verlauf, um ein andermal weiterzumachen.</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>Sammlung</translation>
    </message>
    <message>
        <source>Every picture that was made, to find and go on from.</source>
        <translation>Jedes Bild, das gemacht wurde, zum Finden und Weitermachen.</translation>
    </message>
    <message>
        <source>Map of the model</source>
        <translation>Karte des Modells</translation>
    </message>
    <message>
        <source>A thousand of its pictures, laid out by likeness, to go to.</source>
        <translation>Tausend seiner Bilder, nach Ähnlichkeit ausgelegt, zum Hingehen.</translation>
    </message>
    <message>
        <source>Search the library ...</source>
        <translation>In der Sammlung suchen ...</translation>
    </message>
    <message>
        <source>Favourite, or no longer</source>
        <translation>Lieblingsbild, oder nicht mehr</translation>
    </message>
    <message>
        <source>Give the picture a heart in the library, or take it away.</source>
        <translation>Dem Bild in der Sammlung ein Herz geben oder nehmen.</translation>
    </message>
    <message>
        <source>Breed</source>
        <translation>Züchten</translation>
    </message>
    <message>
        <source>Children of this picture, or of two that are marked on a sheet.</source>
        <translation>Kinder dieses Bildes, oder von zweien, die auf einem Bogen markiert sind.</translation>
    </message>
    <message>
        <source>Nearest of {count} to a picture ...</source>
        <translation>Das ähnlichste von {count} zu einem Bild ...</translation>
    </message>
    <message>
        <source>Try the next seeds and keep what looks most like it.</source>
        <translation>Die nächsten Startzahlen versuchen und behalten, was ihm am ähnlichsten sieht.</translation>
    </message>
    <message>
        <source>Hold as second parent</source>
        <translation>Als zweites Elternbild merken</translation>
    </message>
    <message>
        <source>Take a folder into the library ...</source>
        <translation>Ordner in die Sammlung aufnehmen ...</translation>
    </message>
    <message>
        <source>Pictures that GenStudio made elsewhere.</source>
        <translation>Bilder, die GenStudio anderswo gemacht hat.</translation>
    </message>
    <message>
        <source>Batch ...</source>
        <translation>Serie …</translation>
    </message>
    <message>
        <source>Make many pictures: seeds, prompts, a folder.</source>
        <translation>Viele Bilder: Startzahlen, Beschreibungen, ein Ordner.</translation>
    </message>
    <message>
        <source>Copy the picture</source>
        <translation>Bild kopieren</translation>
    </message>
    <message>
        <source>Paste a picture</source>
        <translation>Bild einfügen</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Fit</source>
        <translation>Einpassen</translation>
    </message>
    <message>
        <source>Actual size</source>
        <translation>Originalgröße</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>Vergrößern</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>Verkleinern</translation>
    </message>
    <message>
        <source>Before and after</source>
        <translation>Vorher und nachher</translation>
    </message>
    <message>
        <source>Keep this picture as before</source>
        <translation>Dieses Bild als „vorher“ merken</translation>
    </message>
    <message>
        <source>Repeat as tiles</source>
        <translation>Als Kacheln wiederholen</translation>
    </message>
    <message>
        <source>Show single pixels</source>
        <translation>Einzelne Pixel zeigen</translation>
    </message>
    <message>
        <source>Panels</source>
        <translation>Bereiche</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>Vollbild</translation>
    </message>
    <message>
        <source>Picture only</source>
        <translation>Nur das Bild</translation>
    </message>
    <message>
        <source>Hide or show all panels.</source>
        <translation>Alle Bereiche aus- oder einblenden.</translation>
    </message>
    <message>
        <source>Reset the layout</source>
        <translation>Anordnung zurücksetzen</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Farben</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Find an action ...</source>
        <translation>Aktion suchen …</translation>
    </message>
    <message>
        <source>About GenStudio</source>
        <translation>Über GenStudio</translation>
    </message>
</context>
<context>
    <name>Autosave</name>
    <message>
        <source>A new sitting. Every picture of the one before is in the library.</source>
        <translation>Eine neue Sitzung. Jedes Bild der vorigen ist in der Sammlung.</translation>
    </message>
    <message>
        <source>Bring it back</source>
        <translation>Zurückholen</translation>
    </message>
    <message>
        <source>GenStudio ended at {time} without being closed. The work is still here.</source>
        <translation>GenStudio endete um {time}, ohne geschlossen zu werden. Die Arbeit ist noch da.</translation>
    </message>
    <message>
        <source>Let it go</source>
        <translation>Verwerfen</translation>
    </message>
</context>
<context>
    <name>BatchDialog</name>
    <message>
        <source>Batch</source>
        <translation>Serie</translation>
    </message>
    <message>
        <source>Only show them, save no files</source>
        <translation>Nur zeigen, keine Dateien speichern</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>From seed</source>
        <translation>Ab Startzahl</translation>
    </message>
    <message>
        <source>Choose ...</source>
        <translation>Wählen …</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Prompts, one a line</source>
        <translation>Beschreibungen, eine je Zeile</translation>
    </message>
    <message>
        <source>Left empty, the present one is drawn.</source>
        <translation>Leer gilt die jetzige.</translation>
    </message>
    <message>
        <source>Make them</source>
        <translation>Machen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>1 picture</source>
        <translation>1 Bild</translation>
    </message>
    <message>
        <source>{count} pictures</source>
        <translation>{count} Bilder</translation>
    </message>
    <message>
        <source>{pictures}, about {time}</source>
        <translation>{pictures}, etwa {time}</translation>
    </message>
    <message>
        <source>A batch makes up to {most} pictures.</source>
        <translation>Eine Serie macht höchstens {most} Bilder.</translation>
    </message>
    <message>
        <source>Choose a folder for them, or save no files.</source>
        <translation>Einen Ordner wählen oder keine Dateien speichern.</translation>
    </message>
    <message>
        <source>Where the pictures go</source>
        <translation>Wohin die Bilder kommen</translation>
    </message>
</context>
<context>
    <name>BlendPanel</name>
    <message>
        <source>Between pictures</source>
        <translation>Zwischen Bildern</translation>
    </message>
    <message>
        <source>Hold none</source>
        <translation>Keines halten</translation>
    </message>
    <message>
        <source>From A to B</source>
        <translation>Von A nach B</translation>
    </message>
    <message>
        <source>Past learned pictures</source>
        <translation>Über gelernte Bilder</translation>
    </message>
    <message>
        <source>From like to like by way of pictures that the model has learned, in place of straight ahead through what no picture is</source>
        <translation>Von Ähnlichem zu Ähnlichem über Bilder, die das Modell gelernt hat, statt geradeaus durch das, was kein Bild ist</translation>
    </message>
    <message>
        <source>Between the corners</source>
        <translation>Zwischen den Ecken</translation>
    </message>
    <message>
        <source>Hold this picture as {end}</source>
        <translation>Dieses Bild als {end} halten</translation>
    </message>
    <message>
        <source>Hold one picture as A and another as B, then slide; C and D make a square.</source>
        <translation>Halte ein Bild als A und ein anderes als B, dann schiebe; mit C und D wird es ein Quadrat.</translation>
    </message>
</context>
<context>
    <name>Breeding</name>
    <message>
        <source>Children have two parents; the first two marks count.</source>
        <translation>Kinder haben zwei Eltern; die ersten beiden markierten gelten.</translation>
    </message>
</context>
<context>
    <name>Canvas</name>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>No picture yet</source>
        <translation>Noch kein Bild</translation>
    </message>
    <message>
        <source>Picture, {width} by {height} pixels, shown at {zoom} %, still being drawn</source>
        <translation>Bild, {width} mal {height} Pixel, gezeigt zu {zoom} %, wird noch gezeichnet</translation>
    </message>
    <message>
        <source>Picture, {width} by {height} pixels, shown at {zoom} %</source>
        <translation>Bild, {width} mal {height} Pixel, gezeigt zu {zoom} %</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>Vorher</translation>
    </message>
    <message>
        <source>After</source>
        <translation>Nachher</translation>
    </message>
</context>
<context>
    <name>Controls</name>
    <message>
        <source>Truncation</source>
        <translation>Stutzung (Truncation)</translation>
    </message>
    <message>
        <source>How far from the most ordinary picture: 0 is the middle.</source>
        <translation>Wie weit weg vom gewöhnlichsten Bild: 0 ist die Mitte.</translation>
    </message>
    <message>
        <source>Variation</source>
        <translation>Abwandlung</translation>
    </message>
    <message>
        <source>How far a variation may go from the encoded picture.</source>
        <translation>Wie weit eine Abwandlung vom gelesenen Bild weg darf.</translation>
    </message>
    <message>
        <source>Pixels of the drawn picture.</source>
        <translation>Pixel des gezeichneten Bildes.</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>Breite</translation>
    </message>
    <message>
        <source>Height</source>
        <translation>Höhe</translation>
    </message>
    <message>
        <source>Psi: 0 is the average picture, 1 the model as trained.</source>
        <translation>Psi: 0 ist das Durchschnittsbild, 1 das Modell, wie es gelernt hat.</translation>
    </message>
    <message>
        <source>Noise seed</source>
        <translation>Startzahl des Rauschens</translation>
    </message>
    <message>
        <source>The seed of the fine grain.</source>
        <translation>Die Startzahl des feinen Korns.</translation>
    </message>
    <message>
        <source>The seed of where things lie, and of the fine grain.</source>
        <translation>Die Startzahl dafür, wo Dinge liegen, und für das feine Korn.</translation>
    </message>
    <message>
        <source>Noise strength</source>
        <translation>Stärke des Rauschens</translation>
    </message>
    <message>
        <source>How strong the fine grain is.</source>
        <translation>Wie stark das feine Korn ist.</translation>
    </message>
    <message>
        <source>Truncation cutoff</source>
        <translation>Stutzung bis Schicht</translation>
    </message>
    <message>
        <source>How many layers truncation reaches.</source>
        <translation>Wie viele Schichten gestutzt werden.</translation>
    </message>
    <message>
        <source>Mix seed</source>
        <translation>Misch-Startzahl</translation>
    </message>
    <message>
        <source>The seed of a second picture to take layers from.</source>
        <translation>Die Startzahl eines zweiten Bildes, das Schichten abgibt.</translation>
    </message>
    <message>
        <source>Mix layers</source>
        <translation>Gemischte Schichten</translation>
    </message>
    <message>
        <source>The layers of the second picture: low ones give form, high ones colour.</source>
        <translation>Die Schichten des zweiten Bildes: niedrige geben Form, hohe Farbe.</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>Temperatur</translation>
    </message>
    <message>
        <source>How daring each token is: 0 always takes the likeliest.</source>
        <translation>Wie gewagt jedes Stück gewählt wird: 0 nimmt immer das wahrscheinlichste.</translation>
    </message>
    <message>
        <source>Top-k</source>
        <translation>Top-k</translation>
    </message>
    <message>
        <source>Top-p</source>
        <translation>Top-p</translation>
    </message>
    <message>
        <source>Draw among the K likeliest; 0 is all.</source>
        <translation>Aus den K wahrscheinlichsten wählen; 0 heißt aus allen.</translation>
    </message>
    <message>
        <source>Draw among the likeliest that make up this share.</source>
        <translation>Aus den wahrscheinlichsten wählen, die diesen Anteil ausmachen.</translation>
    </message>
    <message>
        <source>Guidance</source>
        <translation>Führung (Guidance)</translation>
    </message>
    <message>
        <source>How closely to follow what is asked: 1 is the model alone.</source>
        <translation>Wie eng es der Vorgabe folgt: 1 ist das Modell allein.</translation>
    </message>
    <message>
        <source>Style</source>
        <translation>Stil</translation>
    </message>
    <message>
        <source>How it is drawn.</source>
        <translation>Wie gezeichnet wird.</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>Klasse</translation>
    </message>
    <message>
        <source>What is drawn.</source>
        <translation>Was gezeichnet wird.</translation>
    </message>
</context>
<context>
    <name>ControlsPanel</name>
    <message>
        <source>Seed</source>
        <translation>Startzahl</translation>
    </message>
    <message>
        <source>No mixing</source>
        <translation>Nicht mischen</translation>
    </message>
    <message>
        <source>Choose a model to see its controls.</source>
        <translation>Ein Modell wählen, um seine Einstellungen zu sehen.</translation>
    </message>
    <message>
        <source>The model of this picture is not here.</source>
        <translation>Das Modell dieses Bildes ist nicht hier.</translation>
    </message>
    <message>
        <source>A picture that is enlarged has nothing to set.</source>
        <translation>An einem vergrößerten Bild ist nichts einzustellen.</translation>
    </message>
    <message>
        <source>Enlarge</source>
        <translation>Vergrößern</translation>
    </message>
    <message>
        <source>off</source>
        <translation>aus</translation>
    </message>
    <message>
        <source>After the picture is made, by a model for it.</source>
        <translation>Nachdem das Bild fertig ist, durch ein Modell dafür.</translation>
    </message>
    <message>
        <source>How real the model&apos;s own critic finds the picture: more is better. It compares pictures of one model only.</source>
        <translation>Wie echt der Kritiker des Modells das Bild findet: mehr ist besser. Er vergleicht nur Bilder eines Modells.</translation>
    </message>
    <message>
        <source>How many seeds to try</source>
        <translation>Wie viele Startzahlen versucht werden</translation>
    </message>
    <message>
        <source>Best of</source>
        <translation>Bestes von</translation>
    </message>
    <message>
        <source>Try so many seeds and keep the one the critic likes best.</source>
        <translation>So viele Startzahlen versuchen und die behalten, die dem Kritiker am besten gefällt.</translation>
    </message>
    <message>
        <source>Try so many seeds and keep the one that fits the words best.</source>
        <translation>So viele Startzahlen versuchen und die behalten, deren Bild am besten zu den Worten passt.</translation>
    </message>
    <message>
        <source>Give a prompt first: the best is what fits it best.</source>
        <translation>Zuerst einen Prompt eingeben: Am besten ist, was am besten zu ihm passt.</translation>
    </message>
    <message>
        <source>At this guidance the model does not compare with and without words; set another, such as 3.</source>
        <translation>Bei dieser Führung vergleicht das Modell nicht mit und ohne Worte; eine andere wählen, etwa 3.</translation>
    </message>
    <message>
        <source>This picture was not drawn by a seed.</source>
        <translation>Dieses Bild kam nicht aus einer Startzahl.</translation>
    </message>
    <message>
        <source>Critic {score}</source>
        <translation>Kritiker {score}</translation>
    </message>
    <message>
        <source>Fit {score}</source>
        <translation>Passung {score}</translation>
    </message>
    <message>
        <source>How well the picture fits the words, in the model&apos;s own eyes: by so many bits a token they make it likelier. Best of tells it. It compares pictures of the same words only.</source>
        <translation>Wie gut das Bild nach Ansicht des Modells zu den Worten passt: um so viele Bit je Token machen sie es wahrscheinlicher. „Bestes von“ nennt die Zahl. Sie vergleicht nur Bilder zu denselben Worten.</translation>
    </message>
    <message>
        <source>Reset these controls</source>
        <translation>Diese Einstellungen zurücksetzen</translation>
    </message>
    <message>
        <source>Mix with an earlier picture …</source>
        <translation>Mit einem früheren Bild mischen …</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Sampling</source>
        <translation>Ziehung</translation>
    </message>
    <message>
        <source>Style mixing</source>
        <translation>Stilmischung</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>Rauschen</translation>
    </message>
    <message>
        <source>This model</source>
        <translation>Dieses Modell</translation>
    </message>
    <message>
        <source>It has no meaning for this picture yet.</source>
        <translation>Für dieses Bild hat es noch keine Bedeutung.</translation>
    </message>
    <message>
        <source>any</source>
        <translation>beliebig</translation>
    </message>
</context>
<context>
    <name>Crop</name>
    <message>
        <source>What is cut out of the picture</source>
        <translation>Was aus dem Bild geschnitten wird</translation>
    </message>
    <message>
        <source>{width} × {height} pixels from {x}, {y}</source>
        <translation>{width} × {height} Pixel ab {x}, {y}</translation>
    </message>
    <message>
        <source>Drag the frame over what the model is to see; turn the wheel to resize it.</source>
        <translation>Zieh den Rahmen über das, was das Modell sehen soll; das Rad ändert seine Größe.</translation>
    </message>
    <message>
        <source>Use this part</source>
        <translation>Diesen Teil nehmen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
</context>
<context>
    <name>Dialogs</name>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Pictures, recipes and models</source>
        <translation>Bilder, Rezepte und Modelle</translation>
    </message>
    <message>
        <source>Add a model</source>
        <translation>Modell hinzufügen</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Save the picture</source>
        <translation>Bild speichern</translation>
    </message>
    <message>
        <source>PNG, with its recipe (*.png)</source>
        <translation>PNG, mit seinem Rezept (*.png)</translation>
    </message>
    <message>
        <source>WebP, with its recipe (*.webp)</source>
        <translation>WebP, mit seinem Rezept (*.webp)</translation>
    </message>
    <message>
        <source>JPEG (*.jpg *.jpeg)</source>
        <translation>JPEG (*.jpg *.jpeg)</translation>
    </message>
    <message>
        <source>OpenRaster, with layers (*.ora)</source>
        <translation>OpenRaster, mit Ebenen (*.ora)</translation>
    </message>
    <message>
        <source>Save the project</source>
        <translation>Projekt speichern</translation>
    </message>
    <message>
        <source>GenStudio projects (*.genstudio)</source>
        <translation>GenStudio-Projekte (*.genstudio)</translation>
    </message>
    <message>
        <source>Make a film</source>
        <translation>Film machen</translation>
    </message>
    <message>
        <source>MP4, plays everywhere (*.mp4)</source>
        <translation>MP4, läuft überall (*.mp4)</translation>
    </message>
    <message>
        <source>Animated WebP (*.webp)</source>
        <translation>Bewegtes WebP (*.webp)</translation>
    </message>
    <message>
        <source>GIF (*.gif)</source>
        <translation>GIF (*.gif)</translation>
    </message>
    <message>
        <source>A folder of PNGs (*)</source>
        <translation>Ein Ordner mit PNGs (*)</translation>
    </message>
    <message>
        <source>Save the walk</source>
        <translation>Wanderung speichern</translation>
    </message>
    <message>
        <source>Walks (*.walk.json)</source>
        <translation>Wanderungen (*.walk.json)</translation>
    </message>
    <message>
        <source>Take a folder into the library</source>
        <translation>Ordner in die Sammlung aufnehmen</translation>
    </message>
    <message>
        <source>Come near to a picture</source>
        <translation>Einem Bild nahekommen</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
</context>
<context>
    <name>Directions</name>
    <message>
        <source>Principal {number}</source>
        <translation>Hauptrichtung {number}</translation>
    </message>
    <message>
        <source>Closed-form {number}</source>
        <translation>Aus den Gewichten {number}</translation>
    </message>
    <message>
        <source>Latent {number}</source>
        <translation>Latente {number}</translation>
    </message>
    <message>
        <source>Brightness</source>
        <translation>Helligkeit</translation>
    </message>
    <message>
        <source>Contrast</source>
        <translation>Kontrast</translation>
    </message>
    <message>
        <source>Warmth</source>
        <translation>Wärme</translation>
    </message>
    <message>
        <source>Saturation</source>
        <translation>Sättigung</translation>
    </message>
    <message>
        <source>Detail</source>
        <translation>Feinheit</translation>
    </message>
    <message>
        <source>Light to the right</source>
        <translation>Licht nach rechts</translation>
    </message>
    <message>
        <source>Light from above</source>
        <translation>Licht von oben</translation>
    </message>
</context>
<context>
    <name>Docks</name>
    <message>
        <source>Controls</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Draw</source>
        <translation>Zeichnen</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>Aufträge</translation>
    </message>
    <message>
        <source>Walk</source>
        <translation>Wanderung</translation>
    </message>
    <message>
        <source>Family</source>
        <translation>Familie</translation>
    </message>
    <message>
        <source>Tools</source>
        <translation>Werkzeuge</translation>
    </message>
</context>
<context>
    <name>Durations</name>
    <message>
        <source>{time} left</source>
        <translation>noch {time}</translation>
    </message>
</context>
<context>
    <name>Editor</name>
    <message>
        <source>Choose a model first.</source>
        <translation>Zuerst ein Modell wählen.</translation>
    </message>
    <message>
        <source>The model {id} is not here; add it, or choose another model.</source>
        <translation>Das Modell {id} ist nicht hier; es hinzufügen oder ein anderes wählen.</translation>
    </message>
</context>
<context>
    <name>FamilyPanel</name>
    <message>
        <source>Family</source>
        <translation>Familie</translation>
    </message>
    <message>
        <source>Breed from a picture; the children you pick grow into a tree.</source>
        <translation>Aus einem Bild züchten; die gewählten Kinder wachsen zu einem Baum.</translation>
    </message>
    <message>
        <source>2nd parent</source>
        <translation>2. Elternbild</translation>
    </message>
    <message>
        <source>Hold this picture as second parent</source>
        <translation>Dieses Bild als zweites Elternbild merken</translation>
    </message>
    <message>
        <source>One parent again</source>
        <translation>Wieder nur ein Elternbild</translation>
    </message>
    <message>
        <source>Breed</source>
        <translation>Züchten</translation>
    </message>
    <message>
        <source>Spread</source>
        <translation>Streuung</translation>
    </message>
    <message>
        <source>{number}, child of {parents}</source>
        <translation>{number}, Kind von {parents}</translation>
    </message>
</context>
<context>
    <name>Files</name>
    <message>
        <source>Start from it with {model}</source>
        <translation>Davon ausgehen mit {model}</translation>
    </message>
    <message>
        <source>Crop it first ...</source>
        <translation>Erst zuschneiden ...</translation>
    </message>
    <message>
        <source>Draw its lower half with {model}</source>
        <translation>Die untere Hälfte mit {model} zeichnen</translation>
    </message>
    <message>
        <source>Enlarge it {scale} times</source>
        <translation>{scale}-fach vergrößern</translation>
    </message>
    <message>
        <source>{name} was enlarged from {source}; open that one to enlarge it anew.</source>
        <translation>{name} wurde aus {source} vergrößert; jenes öffnen, um es neu zu vergrößern.</translation>
    </message>
    <message>
        <source>{name} was not made by GenStudio, so it holds no recipe.</source>
        <translation>{name} wurde nicht von GenStudio gemacht und enthält kein Rezept.</translation>
    </message>
    <message>
        <source>The picture is not finished; save it when it is.</source>
        <translation>Das Bild ist noch nicht fertig; danach lässt es sich speichern.</translation>
    </message>
    <message>
        <source>Saved {name}.</source>
        <translation>{name} ist gespeichert.</translation>
    </message>
    <message>
        <source>{model} looks for the nearest picture that it can make; see Jobs.</source>
        <translation>{model} sucht das nächste Bild, das es machen kann; siehe Aufträge.</translation>
    </message>
    <message>
        <source>another picture</source>
        <translation>einem anderen Bild</translation>
    </message>
</context>
<context>
    <name>Folders</name>
    <message>
        <source>The folder {folder} cannot be opened.</source>
        <translation>Der Ordner {folder} lässt sich nicht öffnen.</translation>
    </message>
</context>
<context>
    <name>History</name>
    <message>
        <source>“{text}”</source>
        <translation>„{text}“</translation>
    </message>
    <message>
        <source>{label} {old} → {new}</source>
        <translation>{label} {old} → {new}</translation>
    </message>
    <message>
        <source>{label} {new}</source>
        <translation>{label} {new}</translation>
    </message>
    <message>
        <source>{label} reset</source>
        <translation>{label} zurückgesetzt</translation>
    </message>
    <message>
        <source>no layers</source>
        <translation>keine Schichten</translation>
    </message>
    <message>
        <source>layer {layer}</source>
        <translation>Schicht {layer}</translation>
    </message>
    <message>
        <source>layers {first}-{last}</source>
        <translation>Schichten {first}–{last}</translation>
    </message>
    <message>
        <source>truncation</source>
        <translation>Stutzung</translation>
    </message>
    <message>
        <source>truncation cutoff</source>
        <translation>Stutzung bis Schicht</translation>
    </message>
    <message>
        <source>variation</source>
        <translation>Abwandlung</translation>
    </message>
    <message>
        <source>class</source>
        <translation>Klasse</translation>
    </message>
    <message>
        <source>noise seed</source>
        <translation>Startzahl des Rauschens</translation>
    </message>
    <message>
        <source>noise strength</source>
        <translation>Stärke des Rauschens</translation>
    </message>
    <message>
        <source>temperature</source>
        <translation>Temperatur</translation>
    </message>
    <message>
        <source>top k</source>
        <translation>Top-k</translation>
    </message>
    <message>
        <source>top p</source>
        <translation>Top-p</translation>
    </message>
    <message>
        <source>guidance</source>
        <translation>Führung</translation>
    </message>
    <message>
        <source>style</source>
        <translation>Stil</translation>
    </message>
    <message>
        <source>size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>seed</source>
        <translation>Startzahl</translation>
    </message>
    <message>
        <source>model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>blend</source>
        <translation>Überblendung</translation>
    </message>
    <message>
        <source>seed {seed}</source>
        <translation>Startzahl {seed}</translation>
    </message>
    <message>
        <source>a variation</source>
        <translation>eine Abwandlung</translation>
    </message>
    <message>
        <source>a blend</source>
        <translation>eine Überblendung</translation>
    </message>
    <message>
        <source>a picture</source>
        <translation>ein Bild</translation>
    </message>
    <message>
        <source>a latent of its own</source>
        <translation>eine eigene Latente</translation>
    </message>
    <message>
        <source>prompt {prompt}</source>
        <translation>Beschreibung {prompt}</translation>
    </message>
    <message>
        <source>variation of another picture</source>
        <translation>Abwandlung eines anderen Bildes</translation>
    </message>
    <message>
        <source>variation of a picture</source>
        <translation>Abwandlung eines Bildes</translation>
    </message>
    <message>
        <source>the picture itself, not varied</source>
        <translation>das Bild selbst, nicht abgewandelt</translation>
    </message>
    <message>
        <source>from a picture</source>
        <translation>aus einem Bild</translation>
    </message>
    <message>
        <source>another latent</source>
        <translation>andere Latente</translation>
    </message>
    <message>
        <source>between {first} and {second}</source>
        <translation>zwischen {first} und {second}</translation>
    </message>
    <message>
        <source>blend along the sphere</source>
        <translation>überblendet auf der Kugel</translation>
    </message>
    <message>
        <source>blend along the line</source>
        <translation>überblendet auf der Geraden</translation>
    </message>
    <message>
        <source>blend past learned pictures</source>
        <translation>überblendet über gelernte Bilder</translation>
    </message>
    <message>
        <source>prompt removed</source>
        <translation>Beschreibung entfernt</translation>
    </message>
    <message>
        <source>prompts {first} and {second}</source>
        <translation>Beschreibungen {first} und {second}</translation>
    </message>
    <message>
        <source>prompts {first}, {second} and {count} more</source>
        <translation>Beschreibungen {first}, {second} und {count} weitere</translation>
    </message>
    <message>
        <source>style mixing off</source>
        <translation>Stilmischung aus</translation>
    </message>
    <message>
        <source>style mixing from {count} pictures</source>
        <translation>Stilmischung aus {count} Bildern</translation>
    </message>
    <message>
        <source>style mixing on {layers}</source>
        <translation>Stilmischung auf {layers}</translation>
    </message>
    <message>
        <source>style mixing from {source} on {layers}</source>
        <translation>Stilmischung aus {source} auf {layers}</translation>
    </message>
    <message>
        <source>a small change</source>
        <translation>eine kleine Änderung</translation>
    </message>
    <message>
        <source>from picture {name}</source>
        <translation>aus dem Bild {name}</translation>
    </message>
    <message>
        <source>{first}, {second} and {count} more</source>
        <translation>{first}, {second} und {count} weitere</translation>
    </message>
    <message>
        <source>{first} and {count} more</source>
        <translation>{first} und {count} weitere</translation>
    </message>
    <message>
        <source>another version of {model}</source>
        <translation>andere Fassung von {model}</translation>
    </message>
    <message>
        <source>all</source>
        <translation>alle</translation>
    </message>
    <message>
        <source>any</source>
        <translation>beliebig</translation>
    </message>
    <message>
        <source>sliders in another order</source>
        <translation>Regler in anderer Reihenfolge</translation>
    </message>
    <message>
        <source>{count} sliders reset</source>
        <translation>{count} Regler zurückgesetzt</translation>
    </message>
    <message>
        <source>{count} sliders</source>
        <translation>{count} Regler</translation>
    </message>
    <message>
        <source>{direction} on {layers}</source>
        <translation>{direction} auf {layers}</translation>
    </message>
    <message>
        <source>usual</source>
        <translation>üblich</translation>
    </message>
    <message>
        <source>weights of the prompts</source>
        <translation>Gewichte der Beschreibungen</translation>
    </message>
    <message>
        <source>weight of {prompt}</source>
        <translation>Gewicht von {prompt}</translation>
    </message>
    <message>
        <source>everything drawn anew</source>
        <translation>alles neu gezeichnet</translation>
    </message>
    <message>
        <source>a part of the picture kept</source>
        <translation>ein Teil des Bildes behalten</translation>
    </message>
    <message>
        <source>another part of the picture kept</source>
        <translation>ein anderer Teil des Bildes behalten</translation>
    </message>
    <message>
        <source>the model&apos;s own size</source>
        <translation>die Größe des Modells</translation>
    </message>
    <message>
        <source>{columns} × {rows} tokens</source>
        <translation>{columns} × {rows} Tokens</translation>
    </message>
    <message>
        <source>settings in another order</source>
        <translation>Einstellungen in anderer Reihenfolge</translation>
    </message>
    <message>
        <source>not enlarged</source>
        <translation>nicht vergrößert</translation>
    </message>
    <message>
        <source>enlarged {scale}×</source>
        <translation>{scale}× vergrößert</translation>
    </message>
    <message>
        <source>enlarged with {model}</source>
        <translation>vergrößert mit {model}</translation>
    </message>
    <message>
        <source>All controls reset</source>
        <translation>Alle Regler zurückgesetzt</translation>
    </message>
    <message>
        <source>opened {name}</source>
        <translation>{name} geöffnet</translation>
    </message>
    <message>
        <source>{name}, drawn on</source>
        <translation>{name}, weitergezeichnet</translation>
    </message>
    <message>
        <source>enlarged {name}</source>
        <translation>{name} vergrößert</translation>
    </message>
    <message>
        <source>best of {count}</source>
        <translation>Bestes von {count}</translation>
    </message>
    <message>
        <source>nearest of {count}</source>
        <translation>das ähnlichste von {count}</translation>
    </message>
    <message>
        <source>variation {number}</source>
        <translation>Variante {number}</translation>
    </message>
    <message>
        <source>from a batch</source>
        <translation>aus einer Serie</translation>
    </message>
    <message>
        <source>between {count} pictures: {across} %, {down} %</source>
        <translation>zwischen {count} Bildern: {across} %, {down} %</translation>
    </message>
    <message>
        <source>between A and B: {share} %</source>
        <translation>zwischen A und B: {share} %</translation>
    </message>
    <message>
        <source>from the family: {number}</source>
        <translation>aus der Familie: {number}</translation>
    </message>
    <message>
        <source>child {number}</source>
        <translation>Kind {number}</translation>
    </message>
    <message>
        <source>from the library: {name}</source>
        <translation>aus der Sammlung: {name}</translation>
    </message>
    <message>
        <source>latent from the library</source>
        <translation>Latent aus der Sammlung</translation>
    </message>
    <message>
        <source>keyframe {number}</source>
        <translation>Schlüsselbild {number}</translation>
    </message>
    <message>
        <source>from the walk, {share} %</source>
        <translation>aus der Wanderung, {share} %</translation>
    </message>
    <message>
        <source>{count} tokens drawn again</source>
        <translation>{count} Token neu gezeichnet</translation>
    </message>
    <message>
        <source>from the map: seed {seed}</source>
        <translation>von der Karte: Startzahl {seed}</translation>
    </message>
    <message>
        <source>extended to the right</source>
        <translation>nach rechts erweitert</translation>
    </message>
    <message>
        <source>extended below</source>
        <translation>nach unten erweitert</translation>
    </message>
    <message>
        <source>fork {number}</source>
        <translation>Abzweig {number}</translation>
    </message>
</context>
<context>
    <name>HistoryPanel</name>
    <message>
        <source>History</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>Every step is kept here, to come back to.</source>
        <translation>Jeder Schritt bleibt hier, um zurückzukommen.</translation>
    </message>
    <message>
        <source>{place} of {count}:  {words}</source>
        <translation>{place} von {count}:  {words}</translation>
    </message>
</context>
<context>
    <name>JobLine</name>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Open the folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <source>Stopped at {done} of {count}</source>
        <translation>Angehalten bei {done} von {count}</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Wartet</translation>
    </message>
    <message>
        <source>{done} of {count}</source>
        <translation>{done} von {count}</translation>
    </message>
    <message>
        <source>{done}, {left}</source>
        <translation>{done}, {left}</translation>
    </message>
</context>
<context>
    <name>JobsPanel</name>
    <message>
        <source>Batch ...</source>
        <translation>Serie …</translation>
    </message>
    <message>
        <source>Clear finished</source>
        <translation>Fertige ausräumen</translation>
    </message>
    <message>
        <source>Take what is over out of the list; pictures and files stay.</source>
        <translation>Was vorbei ist, aus der Liste nehmen; Bilder und Dateien bleiben.</translation>
    </message>
    <message>
        <source>Nothing is being made. A batch makes many pictures, from seeds or prompts, while you go on.</source>
        <translation>Gerade wird nichts gemacht. Eine Serie macht viele Bilder aus Startzahlen oder Beschreibungen, während es weitergeht.</translation>
    </message>
    <message>
        <source>Finished pictures</source>
        <translation>Fertige Bilder</translation>
    </message>
    <message>
        <source>seed {seed}</source>
        <translation>Startzahl {seed}</translation>
    </message>
</context>
<context>
    <name>Layers</name>
    <message>
        <source>layers {first} to {last}</source>
        <translation>Schichten {first} bis {last}</translation>
    </message>
    <message>
        <source>Low layers give form, high ones colour and detail; now {range}.</source>
        <translation>Niedrige Schichten geben Form, hohe Farbe und Feinheit; jetzt {range}.</translation>
    </message>
</context>
<context>
    <name>Library</name>
    <message>
        <source>{count} pictures are in the bin.</source>
        <translation>{count} Bilder liegen im Papierkorb.</translation>
    </message>
    <message>
        <source>Bring back</source>
        <translation>Zurückholen</translation>
    </message>
    <message>
        <source>Delete the {count} pictures in the bin? They cannot be brought back.</source>
        <translation>Die {count} Bilder im Papierkorb löschen? Sie lassen sich nicht zurückholen.</translation>
    </message>
    <message>
        <source>Delete for good</source>
        <translation>Endgültig löschen</translation>
    </message>
    <message>
        <source>Taking in {folder} ...</source>
        <translation>{folder} wird aufgenommen ...</translation>
    </message>
    <message>
        <source>Rendering {name} again ...</source>
        <translation>{name} wird neu gerechnet ...</translation>
    </message>
    <message>
        <source>What this picture looks like is not noted yet; try again soon.</source>
        <translation>Wie dieses Bild aussieht, ist noch nicht erfasst; gleich noch einmal versuchen.</translation>
    </message>
    <message>
        <source>This picture was enlarged from {name}; open that one to enlarge it anew.</source>
        <translation>Dieses Bild wurde aus {name} vergrößert; jenes öffnen, um es neu zu vergrößern.</translation>
    </message>
    <message>
        <source>a seed</source>
        <translation>Startzahl</translation>
    </message>
    <message>
        <source>a prompt</source>
        <translation>Prompt</translation>
    </message>
    <message>
        <source>A latent can only be taken over between pictures of one VAE or GAN.</source>
        <translation>Ein Latent lässt sich nur zwischen Bildern eines VAE oder GAN übernehmen.</translation>
    </message>
    <message>
        <source>This picture has no {what} to copy.</source>
        <translation>Dieses Bild hat nichts zu übernehmen: {what} fehlt.</translation>
    </message>
    <message>
        <source>The picture is not in the library yet; wait until it is.</source>
        <translation>Das Bild ist noch nicht in der Sammlung; einen Moment warten.</translation>
    </message>
    <message>
        <source>A favourite now; find it in the library.</source>
        <translation>Jetzt ein Lieblingsbild; in der Sammlung zu finden.</translation>
    </message>
    <message>
        <source>No longer a favourite.</source>
        <translation>Kein Lieblingsbild mehr.</translation>
    </message>
    <message>
        <source>{added} pictures taken in, {known} were here already.</source>
        <translation>{added} Bilder aufgenommen, {known} waren schon da.</translation>
    </message>
    <message>
        <source>{count} could not be read, such as: {sentence}</source>
        <translation>{count} ließen sich nicht lesen, etwa: {sentence}</translation>
    </message>
    <message>
        <source>The library&apos;s database was damaged, so it was made anew from the pictures, with their stars and notes. The damaged one is {path}.</source>
        <translation>Die Datenbank der Sammlung war beschädigt und wurde aus den Bildern neu gemacht, mit Sternen und Notizen. Die beschädigte liegt in {path}.</translation>
    </message>
</context>
<context>
    <name>LibraryPage</name>
    <message>
        <source>Use these settings</source>
        <translation>Diese Einstellungen nehmen</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Mehr</translation>
    </message>
    <message>
        <source>Choose a picture to see how it was made.</source>
        <translation>Ein Bild wählen, um zu sehen, wie es entstand.</translation>
    </message>
    <message>
        <source>What looks like it</source>
        <translation>Was ähnlich aussieht</translation>
    </message>
    <message>
        <source>Check against its recipe</source>
        <translation>Mit dem Rezept vergleichen</translation>
    </message>
    <message>
        <source>Show in its folder</source>
        <translation>Im Ordner zeigen</translation>
    </message>
    <message>
        <source>Move to the bin</source>
        <translation>In den Papierkorb</translation>
    </message>
    <message>
        <source>Bring back from the bin</source>
        <translation>Aus dem Papierkorb holen</translation>
    </message>
    <message>
        <source>Collections</source>
        <translation>Mappen</translation>
    </message>
    <message>
        <source>New collection ...</source>
        <translation>Neue Mappe ...</translation>
    </message>
    <message>
        <source>New collection</source>
        <translation>Neue Mappe</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Favourite</source>
        <translation>Lieblingsbild</translation>
    </message>
    <message>
        <source>{count} stars</source>
        <translation>{count} Sterne</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Notiz</translation>
    </message>
    <message>
        <source>Take over its seed</source>
        <translation>Startzahl übernehmen</translation>
    </message>
    <message>
        <source>Take over its prompt</source>
        <translation>Prompt übernehmen</translation>
    </message>
    <message>
        <source>Take over its latent</source>
        <translation>Latent übernehmen</translation>
    </message>
    <message>
        <source>seed {seed}</source>
        <translation>Startzahl {seed}</translation>
    </message>
    <message>
        <source>Search prompts, notes, models; seed:7</source>
        <translation>Prompts, Notizen, Modelle suchen; seed:7</translation>
    </message>
    <message>
        <source>Favourites</source>
        <translation>Lieblingsbilder</translation>
    </message>
    <message>
        <source>Bin</source>
        <translation>Papierkorb</translation>
    </message>
    <message>
        <source>All models</source>
        <translation>Alle Modelle</translation>
    </message>
    <message>
        <source>All licences</source>
        <translation>Alle Lizenzen</translation>
    </message>
    <message>
        <source>All collections</source>
        <translation>Alle Mappen</translation>
    </message>
    <message>
        <source>All kinds</source>
        <translation>Alle Arten</translation>
    </message>
    <message>
        <source>VAE</source>
        <translation>VAE</translation>
    </message>
    <message>
        <source>GAN</source>
        <translation>GAN</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>Enlarged</source>
        <translation>Vergrößert</translation>
    </message>
    <message>
        <source>Any time</source>
        <translation>Jede Zeit</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Heute</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>Letzte 7 Tage</translation>
    </message>
    <message>
        <source>Last month</source>
        <translation>Letzter Monat</translation>
    </message>
    <message>
        <source>Last year</source>
        <translation>Letztes Jahr</translation>
    </message>
    <message>
        <source>Any stars</source>
        <translation>Alle Sterne</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>Alle zeigen</translation>
    </message>
    <message>
        <source>Empty the bin</source>
        <translation>Papierkorb leeren</translation>
    </message>
    <message>
        <source>Take in a folder ...</source>
        <translation>Ordner aufnehmen ...</translation>
    </message>
    <message>
        <source>Back to the picture</source>
        <translation>Zurück zum Bild</translation>
    </message>
    <message>
        <source>{found} of {total} pictures</source>
        <translation>{found} von {total} Bildern</translation>
    </message>
    <message>
        <source>{found} pictures, the most alike first</source>
        <translation>{found} Bilder, die ähnlichsten zuerst</translation>
    </message>
    <message>
        <source>Move {count} pictures to the bin</source>
        <translation>{count} Bilder in den Papierkorb</translation>
    </message>
    <message>
        <source>Bring {count} pictures back from the bin</source>
        <translation>{count} Bilder aus dem Papierkorb holen</translation>
    </message>
    <message>
        <source>The bin is empty.</source>
        <translation>Der Papierkorb ist leer.</translation>
    </message>
    <message>
        <source>Every picture that comes to rest on the canvas is kept here, with all that made it.</source>
        <translation>Hier bleibt jedes Bild, das auf der Leinwand zur Ruhe kommt, mit allem, was es gemacht hat.</translation>
    </message>
    <message>
        <source>No picture is like that.</source>
        <translation>Kein Bild ist so.</translation>
    </message>
</context>
<context>
    <name>Lock</name>
    <message>
        <source>Unlock {label}</source>
        <translation>{label} entsperren</translation>
    </message>
    <message>
        <source>Lock {label}</source>
        <translation>{label} sperren</translation>
    </message>
</context>
<context>
    <name>Map</name>
    <message>
        <source>Map of the model</source>
        <translation>Karte des Modells</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Whole map</source>
        <translation>Ganze Karte</translation>
    </message>
    <message>
        <source>Back to the picture</source>
        <translation>Zurück zum Bild</translation>
    </message>
    <message>
        <source>{model}: {count} of {all} pictures, by likeness. Click one.</source>
        <translation>{model}: {count} von {all} Bildern, nach Ähnlichkeit. Klick eines an.</translation>
    </message>
    <message>
        <source>{count} pictures</source>
        <translation>{count} Bilder</translation>
    </message>
    <message>
        <source>seed {seed}</source>
        <translation>Startzahl {seed}</translation>
    </message>
</context>
<context>
    <name>MaskLayer</name>
    <message>
        <source>Mask: brush what is to be drawn again</source>
        <translation>Maske: übermalen, was neu gezeichnet werden soll</translation>
    </message>
</context>
<context>
    <name>Menus</name>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>&amp;Picture</source>
        <translation>B&amp;ild</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;Jobs</source>
        <translation>A&amp;ufträge</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
</context>
<context>
    <name>Messages</name>
    <message>
        <source>Dismiss</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>Mixing</name>
    <message>
        <source>No other picture of this model yet</source>
        <translation>Noch kein anderes Bild dieses Modells</translation>
    </message>
</context>
<context>
    <name>ModelCard</name>
    <message>
        <source>{megabytes} MB</source>
        <translation>{megabytes} MB</translation>
    </message>
</context>
<context>
    <name>Models</name>
    <message>
        <source>Checking {name}</source>
        <translation>{name} wird geprüft</translation>
    </message>
    <message>
        <source>{name} is here; pictures can be enlarged with it.</source>
        <translation>{name} ist da; Bilder lassen sich damit vergrößern.</translation>
    </message>
    <message>
        <source>{name} is here; choose it among the models.</source>
        <translation>{name} ist da und steht bei den Modellen.</translation>
    </message>
    <message>
        <source>VAE</source>
        <translation>VAE</translation>
    </message>
    <message>
        <source>GAN</source>
        <translation>GAN</translation>
    </message>
    <message>
        <source>Draws from words, token by token</source>
        <translation>Zeichnet aus Worten, Stück für Stück</translation>
    </message>
    <message>
        <source>Enlarges pictures</source>
        <translation>Vergrößert Bilder</translation>
    </message>
</context>
<context>
    <name>ModelsPanel</name>
    <message>
        <source>Search the models</source>
        <translation>Modelle durchsuchen</translation>
    </message>
    <message>
        <source>Add a model ...</source>
        <translation>Modell hinzufügen …</translation>
    </message>
    <message>
        <source>From a .gspack file; it is checked first.</source>
        <translation>Aus einer .gspack-Datei; sie wird zuerst geprüft.</translation>
    </message>
    <message>
        <source>Reading the models ...</source>
        <translation>Die Modelle werden gelesen …</translation>
    </message>
    <message>
        <source>There is no model here yet.</source>
        <translation>Hier ist noch kein Modell.</translation>
    </message>
    <message>
        <source>No model fits these words.</source>
        <translation>Kein Modell passt zu diesen Worten.</translation>
    </message>
    <message>
        <source>Choose</source>
        <translation>Wählen</translation>
    </message>
    <message>
        <source>Remove ...</source>
        <translation>Entfernen …</translation>
    </message>
    <message>
        <source>Remove a model</source>
        <translation>Ein Modell entfernen</translation>
    </message>
    <message>
        <source>Remove {name}?</source>
        <translation>{name} entfernen?</translation>
    </message>
    <message>
        <source>Its files are deleted. Pictures that were made with it stay, and can be made again once it is added again.</source>
        <translation>Seine Dateien werden gelöscht. Bilder, die damit gemacht wurden, bleiben und lassen sich wieder machen, sobald es wieder da ist.</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>Behalten</translation>
    </message>
</context>
<context>
    <name>NumberField</name>
    <message>
        <source>It goes from {low} to {high}.</source>
        <translation>Es geht von {low} bis {high}.</translation>
    </message>
</context>
<context>
    <name>OddsLayer</name>
    <message>
        <source>How sure the model was of each token</source>
        <translation>Wie sicher das Modell bei jedem Token war</translation>
    </message>
    <message>
        <source>Looking into the picture ... {share} %</source>
        <translation>Das Bild wird durchgesehen ... {share} %</translation>
    </message>
    <message>
        <source>{bits} bits; this token had {share} %. Click for others.</source>
        <translation>{bits} Bit; dieses Token hatte {share} %. Ein Klick zeigt andere.</translation>
    </message>
</context>
<context>
    <name>OwnPicture</name>
    <message>
        <source>The nearest to {name} that {model} makes is {share} % apart on average; found by CMA-ES in {seconds} s.</source>
        <translation>Was {model} am nächsten an {name} herankommt, weicht im Mittel {share} % ab; mit CMA-ES in {seconds} s gefunden.</translation>
    </message>
    <message>
        <source>{name} as {model} reads it is {share} % apart on average.</source>
        <translation>{name}, wie {model} es liest, weicht im Mittel {share} % ab.</translation>
    </message>
</context>
<context>
    <name>Pad</name>
    <message>
        <source>{x} % to the right, {y} % up</source>
        <translation>{x} % nach rechts, {y} % nach oben</translation>
    </message>
</context>
<context>
    <name>PadPanel</name>
    <message>
        <source>Latent pad</source>
        <translation>Latentes Feld</translation>
    </message>
    <message>
        <source>To the right</source>
        <translation>Nach rechts</translation>
    </message>
    <message>
        <source>Upwards</source>
        <translation>Nach oben</translation>
    </message>
</context>
<context>
    <name>Palette</name>
    <message>
        <source>What do you want to do?</source>
        <translation>Was soll geschehen?</translation>
    </message>
    <message>
        <source>Actions</source>
        <translation>Aktionen</translation>
    </message>
</context>
<context>
    <name>PhraseRow</name>
    <message>
        <source>From: sad</source>
        <translation>Von: traurig</translation>
    </message>
    <message>
        <source>What the slider goes away from</source>
        <translation>Wovon der Regler wegführt</translation>
    </message>
    <message>
        <source>To: happy</source>
        <translation>Nach: froh</translation>
    </message>
    <message>
        <source>What the slider goes towards</source>
        <translation>Wohin der Regler führt</translation>
    </message>
    <message>
        <source>Add a slider from one phrase to the other</source>
        <translation>Einen Regler von den einen Worten zu den anderen anlegen</translation>
    </message>
</context>
<context>
    <name>Picture</name>
    <message>
        <source>This picture was made with the model {id}, which is not here; add it to see the picture again.</source>
        <translation>Dieses Bild wurde mit dem Modell {id} gemacht, das nicht hier ist; ist es hinzugefügt, erscheint das Bild wieder.</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Noch einmal</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
</context>
<context>
    <name>Pictures</name>
    <message>
        <source>A picture cannot be shown from {kind} numbers of shape {shape}.</source>
        <translation>Aus {kind}-Zahlen der Form {shape} lässt sich kein Bild zeigen.</translation>
    </message>
</context>
<context>
    <name>Project</name>
    <message>
        <source>{path} is not a GenStudio project.</source>
        <translation>{path} ist kein GenStudio-Projekt.</translation>
    </message>
    <message>
        <source>The project {path} was made by a newer GenStudio (format {version}, this one reads up to {known}); update GenStudio to open it.</source>
        <translation>Das Projekt {path} stammt von einem neueren GenStudio (Format {version}, dieses liest bis {known}); zum Öffnen GenStudio erneuern.</translation>
    </message>
    <message>
        <source>Step {number} of the project {path}</source>
        <translation>Schritt {number} des Projekts {path}</translation>
    </message>
    <message>
        <source>The project {path} is damaged: {reason}; open an older copy of it.</source>
        <translation>Das Projekt {path} ist beschädigt: {reason}; eine ältere Kopie öffnen.</translation>
    </message>
    <message>
        <source>The project {path} is damaged or cut off; open an older copy of it.</source>
        <translation>Das Projekt {path} ist beschädigt oder abgeschnitten; eine ältere Kopie öffnen.</translation>
    </message>
    <message>
        <source>The project {path}</source>
        <translation>Das Projekt {path}</translation>
    </message>
    <message>
        <source>{path} is larger than any project, {limit} GiB.</source>
        <translation>{path} ist größer als jedes Projekt, {limit} GiB.</translation>
    </message>
    <message>
        <source>{path} holds {count} files, more than any project.</source>
        <translation>{path} enthält {count} Dateien, mehr als jedes Projekt.</translation>
    </message>
    <message>
        <source>{path} holds a file named {name}, which no project does; do not use it.</source>
        <translation>{path} enthält eine Datei namens {name}, was kein Projekt tut; nicht verwenden.</translation>
    </message>
    <message>
        <source>a picture in it cannot be read</source>
        <translation>ein Bild darin ist nicht lesbar</translation>
    </message>
</context>
<context>
    <name>Projects</name>
    <message>
        <source>Models of this work are not here: {models}. Add them to see all of its pictures.</source>
        <translation>Modelle dieser Arbeit fehlen: {models}. Fügen Sie sie hinzu, um alle Bilder zu sehen.</translation>
    </message>
    <message>
        <source>Saved the project {name}.</source>
        <translation>Das Projekt {name} ist gespeichert.</translation>
    </message>
</context>
<context>
    <name>Prompt</name>
    <message>
        <source>A prompt has up to {limit} characters; this one has {length}.</source>
        <translation>Eine Beschreibung hat höchstens {limit} Zeichen; diese hat {length}.</translation>
    </message>
    <message>
        <source>Up to {limit} prompts can be blended, not {count}.</source>
        <translation>Höchstens {limit} Beschreibungen lassen sich mischen, nicht {count}.</translation>
    </message>
</context>
<context>
    <name>PromptPanel</name>
    <message>
        <source>Blend another</source>
        <translation>Weitere mischen</translation>
    </message>
    <message>
        <source>Another prompt, blended with this one by weight.</source>
        <translation>Eine weitere Beschreibung, nach Gewicht mit dieser gemischt.</translation>
    </message>
    <message>
        <source>Earlier prompts (Ctrl+Up and Ctrl+Down in the text)</source>
        <translation>Frühere Beschreibungen (Strg+Auf und Strg+Ab im Text)</translation>
    </message>
    <message>
        <source>Earlier prompts</source>
        <translation>Frühere Beschreibungen</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Stop, and keep what is drawn so far.</source>
        <translation>Anhalten und behalten, was schon gezeichnet ist.</translation>
    </message>
    <message>
        <source>Draw</source>
        <translation>Zeichnen</translation>
    </message>
    <message>
        <source>Draw what is written here, with the same seed.</source>
        <translation>Zeichnen, was hier steht, mit derselben Startzahl.</translation>
    </message>
    <message>
        <source>Draw another</source>
        <translation>Neues Bild</translation>
    </message>
    <message>
        <source>A new seed, unless it is locked.</source>
        <translation>Eine neue Startzahl, außer sie ist gesperrt.</translation>
    </message>
    <message>
        <source>A prompt has up to {limit} characters; the rest was cut off.</source>
        <translation>Eine Beschreibung hat höchstens {limit} Zeichen; der Rest wurde abgeschnitten.</translation>
    </message>
    <message>
        <source>This picture was enlarged from another one; words do not change it.</source>
        <translation>Dieses Bild ist eine Vergrößerung; Worte ändern es nicht.</translation>
    </message>
    <message>
        <source>Choose a model first.</source>
        <translation>Zuerst ein Modell wählen.</translation>
    </message>
    <message>
        <source>{model} takes no words. Choose its class, roll the seed, move the sliders.</source>
        <translation>{model} nimmt keine Worte. Klasse wählen, Startzahl würfeln, Regler bewegen.</translation>
    </message>
    <message>
        <source>{model} takes no words. Roll the seed, move the sliders.</source>
        <translation>{model} nimmt keine Worte. Startzahl würfeln, Regler bewegen.</translation>
    </message>
    <message>
        <source>What shall it draw? For example: {prompt}</source>
        <translation>Was soll es zeichnen? Zum Beispiel: {prompt}</translation>
    </message>
    <message>
        <source>... and what else?</source>
        <translation>… und was noch?</translation>
    </message>
    <message>
        <source>Prompt {number}</source>
        <translation>Beschreibung {number}</translation>
    </message>
    <message>
        <source>Take this prompt out</source>
        <translation>Diese Beschreibung herausnehmen</translation>
    </message>
    <message>
        <source>Weight</source>
        <translation>Gewicht</translation>
    </message>
    <message>
        <source>How much this prompt counts beside the others.</source>
        <translation>Wie viel diese Beschreibung neben den anderen zählt.</translation>
    </message>
    <message>
        <source>Not drawn yet; Enter draws it.</source>
        <translation>Noch nicht gezeichnet; Eingabe zeichnet es.</translation>
    </message>
    <message>
        <source>Draw everything</source>
        <translation>Alles zeichnen</translation>
    </message>
    <message>
        <source>Keep nothing of the earlier picture; draw all tokens anew.</source>
        <translation>Vom früheren Bild nichts behalten; alle Token neu zeichnen.</translation>
    </message>
    <message>
        <source>{percent} % stays as it is.</source>
        <translation>{percent} % bleiben, wie sie sind.</translation>
    </message>
</context>
<context>
    <name>Queue</name>
    <message>
        <source>A batch makes up to {most} pictures; ask for fewer.</source>
        <translation>Eine Serie macht höchstens {most} Bilder; weniger verlangen.</translation>
    </message>
    <message>
        <source>{count} pictures of {model}</source>
        <translation>{count} Bilder von {model}</translation>
    </message>
    <message>
        <source>film {name}</source>
        <translation>Film {name}</translation>
    </message>
    <message>
        <source>{name} with {model}</source>
        <translation>{name} mit {model}</translation>
    </message>
</context>
<context>
    <name>Repaint</name>
    <message>
        <source>Brush over what is to be drawn again first.</source>
        <translation>Zuerst übermalen, was neu gezeichnet werden soll.</translation>
    </message>
</context>
<context>
    <name>Seed</name>
    <message>
        <source>Another seed</source>
        <translation>Andere Startzahl</translation>
    </message>
    <message>
        <source>{label}: roll the dice</source>
        <translation>{label}: würfeln</translation>
    </message>
    <message>
        <source>This picture was not drawn by a seed; one draws another.</source>
        <translation>Dieses Bild kam nicht aus einer Startzahl; eine zeichnet ein anderes.</translation>
    </message>
    <message>
        <source>Nothing in this picture is drawn by a seed.</source>
        <translation>Nichts an diesem Bild kommt aus einer Startzahl.</translation>
    </message>
    <message>
        <source>The same seed gives the same picture again.</source>
        <translation>Dieselbe Startzahl gibt wieder dasselbe Bild.</translation>
    </message>
</context>
<context>
    <name>Sheet</name>
    <message>
        <source>Variation {number} of {count}, picked</source>
        <translation>Variante {number} von {count}, gewählt</translation>
    </message>
    <message>
        <source>Variation {number} of {count}, still to come</source>
        <translation>Variante {number} von {count}, kommt noch</translation>
    </message>
    <message>
        <source>Variation {number} of {count}</source>
        <translation>Variante {number} von {count}</translation>
    </message>
    <message>
        <source>Variations</source>
        <translation>Varianten</translation>
    </message>
    <message>
        <source>As it is</source>
        <translation>Wie es ist</translation>
    </message>
</context>
<context>
    <name>Slider</name>
    <message>
        <source>{label}, value</source>
        <translation>{label}, Wert</translation>
    </message>
    <message>
        <source>Double click resets; Shift drags finely.</source>
        <translation>Doppelklick setzt zurück; mit Umschalt fein ziehen.</translation>
    </message>
</context>
<context>
    <name>Sliders</name>
    <message>
        <source>Try again</source>
        <translation>Noch einmal</translation>
    </message>
</context>
<context>
    <name>SlidersPanel</name>
    <message>
        <source>Randomise those that are not locked</source>
        <translation>Würfeln, was nicht gesperrt ist</translation>
    </message>
    <message>
        <source>Show more</source>
        <translation>Mehr zeigen</translation>
    </message>
    <message>
        <source>Take this slider away</source>
        <translation>Diesen Regler entfernen</translation>
    </message>
    <message>
        <source>Explains {share} of it on held-out pictures.</source>
        <translation>Erklärt {share} davon an zurückgehaltenen Bildern.</translation>
    </message>
    <message>
        <source>Explains {share} of how the pictures vary.</source>
        <translation>Erklärt {share} davon, wie die Bilder sich unterscheiden.</translation>
    </message>
    <message>
        <source>Holds {share} of what the model&apos;s weights do.</source>
        <translation>Trägt {share} dessen, was die Gewichte des Modells tun.</translation>
    </message>
    <message>
        <source>From what the first words mean to the second.</source>
        <translation>Von dem, was die ersten Worte meinen, zu dem der zweiten.</translation>
    </message>
    <message>
        <source>In standard deviations.</source>
        <translation>In Standardabweichungen.</translation>
    </message>
    <message>
        <source>Latent sliders</source>
        <translation>Latente Regler</translation>
    </message>
    <message>
        <source>Search sliders</source>
        <translation>Regler suchen</translation>
    </message>
    <message>
        <source>Reset those that are not locked</source>
        <translation>Zurücksetzen, was nicht gesperrt ist</translation>
    </message>
    <message>
        <source>No slider is called that.</source>
        <translation>So heißt kein Regler.</translation>
    </message>
    <message>
        <source>Choose a model to see what can be moved in it.</source>
        <translation>Ein Modell wählen, um zu sehen, was sich bewegen lässt.</translation>
    </message>
    <message>
        <source>The model of this picture is not here.</source>
        <translation>Das Modell dieses Bildes ist nicht hier.</translation>
    </message>
    <message>
        <source>This model has no latent space; its controls steer it.</source>
        <translation>Dieses Modell hat keinen latenten Raum; die Einstellungen steuern es.</translation>
    </message>
    <message>
        <source>Finding out what can be moved in this model. It is done once; you can go on.</source>
        <translation>Es wird ermittelt, was sich in diesem Modell bewegen lässt. Das geschieht einmal; weiterarbeiten geht.</translation>
    </message>
    <message>
        <source>What can be moved in this model was not found out.</source>
        <translation>Was sich in diesem Modell bewegen lässt, wurde nicht ermittelt.</translation>
    </message>
    <message>
        <source>From words</source>
        <translation>Aus Worten</translation>
    </message>
    <message>
        <source>Named</source>
        <translation>Benannte</translation>
    </message>
    <message>
        <source>Principal</source>
        <translation>Hauptrichtungen</translation>
    </message>
    <message>
        <source>Closed-form</source>
        <translation>Aus den Gewichten</translation>
    </message>
    <message>
        <source>Single latents</source>
        <translation>Einzelne Latenten</translation>
    </message>
</context>
<context>
    <name>Stage</name>
    <message>
        <source>Drop to open a picture, a project or a model pack</source>
        <translation>Loslassen öffnet ein Bild, ein Projekt oder ein Modell</translation>
    </message>
    <message>
        <source>This picture</source>
        <translation>Dieses Bild</translation>
    </message>
</context>
<context>
    <name>StartPage</name>
    <message>
        <source>What shall we draw?</source>
        <translation>Was zeichnen wir?</translation>
    </message>
    <message>
        <source>Everything is computed on this machine; nothing is sent anywhere.</source>
        <translation>Alles wird auf diesem Rechner berechnet; nichts wird gesendet.</translation>
    </message>
    <message>
        <source>Open a picture or model ...</source>
        <translation>Bild oder Modell öffnen …</translation>
    </message>
    <message>
        <source>or drop a picture, a project or a model anywhere here</source>
        <translation>oder ein Bild, ein Projekt oder ein Modell hierher ziehen</translation>
    </message>
    <message>
        <source>Reading the models ...</source>
        <translation>Die Modelle werden gelesen …</translation>
    </message>
    <message>
        <source>There is no model here yet; open one to begin.</source>
        <translation>Hier ist noch kein Modell; zum Anfangen eines öffnen.</translation>
    </message>
    <message>
        <source>Draw {prompt} with {model}</source>
        <translation>{prompt} zeichnen mit {model}</translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message>
        <source>Nothing is sent</source>
        <translation>Nichts wird gesendet</translation>
    </message>
    <message>
        <source>Everything is computed on this machine. There is no network code in this program.</source>
        <translation>Alles wird auf diesem Rechner berechnet. In diesem Programm ist kein Code für das Netz.</translation>
    </message>
    <message>
        <source>The last picture&apos;s time</source>
        <translation>Die Zeit des letzten Bildes</translation>
    </message>
    <message>
        <source>Pixels of the picture, and the zoom</source>
        <translation>Pixel des Bildes und Vergrößerung</translation>
    </message>
    <message>
        <source>1 picture to come</source>
        <translation>noch 1 Bild</translation>
    </message>
    <message>
        <source>{count} pictures to come</source>
        <translation>noch {count} Bilder</translation>
    </message>
    <message>
        <source>Cancel all that is to come</source>
        <translation>Alles Kommende abbrechen</translation>
    </message>
    <message>
        <source>Graphics card ({name})</source>
        <translation>Grafikkarte ({name})</translation>
    </message>
    <message>
        <source>CPU, 1 thread</source>
        <translation>CPU, 1 Thread</translation>
    </message>
    <message>
        <source>CPU, {count} threads</source>
        <translation>CPU, {count} Threads</translation>
    </message>
    <message>
        <source>Starting ...</source>
        <translation>Startet …</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <source>Memory that GenStudio takes</source>
        <translation>Speicher, den GenStudio belegt</translation>
    </message>
</context>
<context>
    <name>TokenSight</name>
    <message>
        <source>{share} %</source>
        <translation>{share} %</translation>
    </message>
</context>
<context>
    <name>Walk</name>
    <message>
        <source>Keyframe {number} is off the strip.</source>
        <translation>Schlüsselbild {number} ist vom Streifen genommen.</translation>
    </message>
    <message>
        <source>Bring it back</source>
        <translation>Zurückholen</translation>
    </message>
</context>
<context>
    <name>WalkPanel</name>
    <message>
        <source>Keyframes</source>
        <translation>Schlüsselbilder</translation>
    </message>
    <message>
        <source>Put pictures on the strip; the walk goes from each to the next.</source>
        <translation>Bilder auf den Streifen setzen; die Wanderung geht von einem zum nächsten.</translation>
    </message>
    <message>
        <source>Add this picture</source>
        <translation>Dieses Bild dazu</translation>
    </message>
    <message>
        <source>Add four by chance</source>
        <translation>Vier zufällige dazu</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Earlier</source>
        <translation>Früher</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>Später</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>Abspielen</translation>
    </message>
    <message>
        <source>Place in the walk</source>
        <translation>Stelle der Wanderung</translation>
    </message>
    <message>
        <source> frames</source>
        <translation> Bilder</translation>
    </message>
    <message>
        <source> a second</source>
        <translation> je Sekunde</translation>
    </message>
    <message>
        <source>Pace</source>
        <translation>Tempo</translation>
    </message>
    <message>
        <source>smooth</source>
        <translation>weich</translation>
    </message>
    <message>
        <source>even</source>
        <translation>gleichmäßig</translation>
    </message>
    <message>
        <source>flowing past them</source>
        <translation>fließend vorbei</translation>
    </message>
    <message>
        <source>Way</source>
        <translation>Weg</translation>
    </message>
    <message>
        <source>along the sphere</source>
        <translation>auf der Kugel</translation>
    </message>
    <message>
        <source>straight</source>
        <translation>gerade</translation>
    </message>
    <message>
        <source>Loop</source>
        <translation>Schleife</translation>
    </message>
    <message>
        <source>Keep this one</source>
        <translation>Dieses behalten</translation>
    </message>
    <message>
        <source>Save the walk ...</source>
        <translation>Wanderung speichern ...</translation>
    </message>
    <message>
        <source>Film ...</source>
        <translation>Film ...</translation>
    </message>
    <message>
        <source>Keyframe {number}</source>
        <translation>Schlüsselbild {number}</translation>
    </message>
    <message>
        <source>past learned pictures</source>
        <translation>über gelernte Bilder</translation>
    </message>
</context>
<context>
    <name>Window</name>
    <message>
        <source>Something inside GenStudio broke ({kind}); your work is still here. The log is in {folder}.</source>
        <translation>In GenStudio ist etwas kaputtgegangen ({kind}); die Arbeit ist noch da. Das Protokoll liegt in {folder}.</translation>
    </message>
    <message>
        <source>The picture is copied.</source>
        <translation>Das Bild ist kopiert.</translation>
    </message>
    <message>
        <source>There is no picture on the clipboard.</source>
        <translation>In der Zwischenablage ist kein Bild.</translation>
    </message>
    <message>
        <source>The next start is in the other language.</source>
        <translation>Der nächste Start ist in der anderen Sprache.</translation>
    </message>
</context>
<context>
    <name>Worker</name>
    <message>
        <source>There is not enough memory for this; choose a smaller picture or model, or close other programs, and try again.</source>
        <translation>Dafür reicht der Speicher nicht; ein kleineres Bild oder Modell wählen oder andere Programme schließen und noch einmal versuchen.</translation>
    </message>
    <message>
        <source>Something inside GenStudio broke ({kind}); your work is still here. Undo or try again, and report it if it comes back.</source>
        <translation>In GenStudio ist etwas kaputtgegangen ({kind}); die Arbeit ist noch da. Rückgängig machen oder noch einmal versuchen, und melden, wenn es wiederkommt.</translation>
    </message>
</context>
</TS>
