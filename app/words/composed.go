package words

import "strings"

// compositions are letters with a mark, by the separate character of the mark: each plain
// letter is followed by the composed one. They cover European languages and Vietnamese.
// (The tables of x/text would make the command a hundred kilobytes larger.)
var compositions = map[rune][]rune{
	'\u0300': []rune("AÀEÈIÌOÒUÙNǸWẀYỲaàeèiìoòuùnǹwẁyỳÂẦÊỀÔỒâầêềôồĂẰăằƠỜơờƯỪưừЕЀИЍеѐиѝ"),
	'\u0301': []rune("AÁCĆEÉGǴIÍKḰLĹMḾNŃOÓPṔRŔSŚUÚWẂYÝZŹaácćeégǵiíkḱlĺmḿnńoópṕrŕsśuúwẃyýzźÂẤÊẾÔỐâấêếôốĂẮăắƠỚơớƯỨưứÜǗüǘÆǼæǽØǾøǿÅǺåǻГЃКЌгѓкќΑΆΕΈΗΉΙΊΟΌΥΎΩΏαάεέηήιίοόυύωώϊΐϋΰ"),
	'\u0302': []rune("AÂCĈEÊGĜHĤIÎJĴOÔSŜUÛWŴYŶZẐaâcĉeêgĝhĥiîjĵoôsŝuûwŵyŷzẑẠẬạậẸỆẹệỌỘọộ"),
	'\u0303': []rune("AÃEẼIĨNÑOÕUŨVṼYỸaãeẽiĩnñoõuũvṽyỹÂẪÊỄÔỖâẫêễôỗĂẴăẵƠỠơỡƯỮưữ"),
	'\u0304': []rune("AĀEĒGḠIĪOŌUŪYȲaāeēgḡiīoōuūyȳИӢиӣУӮуӯ"),
	'\u0306': []rune("AĂEĔGĞIĬOŎUŬaăeĕgğiĭoŏuŭẠẶạặИЙийУЎуўАӐаӑЕӖеӗ"),
	'\u0307': []rune("AȦBḂCĊDḊEĖFḞGĠHḢIİMṀNṄOȮPṖRṘSṠTṪWẆXẊYẎZŻaȧbḃcċdḋeėfḟgġhḣmṁnṅoȯpṗrṙsṡtṫwẇxẋyẏzż"),
	'\u0308': []rune("AÄEËHḦIÏOÖUÜWẄXẌYŸaäeëhḧiïoötẗuüwẅxẍyÿЕЁеёІЇіїАӒаӓОӦоӧУӰуӱЖӜжӝЗӞзӟИӤиӥЭӬэӭΙΪΥΫιϊυϋ"),
	'\u0309': []rune("AẢEẺIỈOỎUỦYỶaảeẻiỉoỏuủyỷÂẨÊỂÔỔâẩêểôổĂẲăẳƠỞơởƯỬưử"),
	'\u030A': []rune("AÅUŮaåuůwẘyẙ"),
	'\u030B': []rune("OŐUŰoőuűУӲуӳ"),
	'\u030C': []rune("AǍCČDĎEĚGǦHȞIǏKǨLĽNŇOǑRŘSŠTŤUǓZŽaǎcčdďeěgǧhȟiǐjǰkǩlľnňoǒrřsštťuǔzž"),
	'\u031B': []rune("OƠUƯoơuư"),
	'\u0323': []rune("AẠBḄDḌEẸHḤIỊKḲLḶMṂNṆOỌRṚSṢTṬUỤVṾWẈYỴZẒaạbḅdḍeẹhḥiịkḳlḷmṃnṇoọrṛsṣtṭuụvṿwẉyỵzẓƠỢơợƯỰưự"),
	'\u0326': []rune("SȘTȚsștț"),
	'\u0327': []rune("CÇDḐEȨGĢHḨKĶLĻNŅRŖSŞTŢcçdḑeȩgģhḩkķlļnņrŗsştţ"),
	'\u0328': []rune("AĄEĘIĮOǪUŲaąeęiįoǫuų"),
	'\u3099': []rune("うゔかがきぎくぐけげこごさざしじすずせぜそぞただちぢつづてでとどはばひびふぶへべほぼゝゞウヴカガキギクグケゲコゴサザシジスズセゼソゾタダチヂツヅテデトドハバヒビフブヘベホボワヷヰヸヱヹヲヺヽヾ"),
	'\u309A': []rune("はぱひぴふぷへぺほぽハパヒピフプヘペホポ"),
}

// Composed returns text with each letter and the mark after it composed to one character,
// as keyboards type it and Unicode's form NFC has it. File names on macOS have them
// separate.
func Composed(text string) string {
	var all []rune
	for _, r := range text {
		if last := len(all) - 1; last >= 0 {
			if one := compose(all[last], r); one != 0 {
				all[last] = one
				continue
			}
		}
		all = append(all, r)
	}
	if composed := string(all); composed != text && strings.ToValidUTF8(text, "") == text {
		return composed
	}
	return text
}

// compose returns the character for a letter and the mark after it, or 0 if there is
// none.
func compose(letter, mark rune) rune {
	const ( // Hangul syllables are computed from their parts, Unicode section 3.12
		lead, vowel, tail, syllable = 0x1100, 0x1161, 0x11A7, 0xAC00
		leads, vowels, tails        = 19, 21, 28
	)
	switch {
	case letter >= lead && letter < lead+leads && mark >= vowel && mark < vowel+vowels:
		return syllable + ((letter-lead)*vowels+mark-vowel)*tails
	case letter >= syllable && letter < syllable+leads*vowels*tails && (letter-syllable)%tails == 0 && mark > tail && mark < tail+tails:
		return letter + mark - tail
	}
	pairs := compositions[mark]
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i] == letter {
			return pairs[i+1]
		}
	}
	return 0
}
