"""The INVENTED words of the example's year: used by make_ha_noi_year.py, and nothing else.

Names of persons are made up and say so; no sentence here was said by anybody.
"""

INVENTED = "TÀI LIỆU GIẢ ĐỊNH để làm ví dụ, không phải văn bản có thật."

SHORT = {"H26.VD1": "Văn phòng UBND", "H26.VD2": "Sở Nội vụ", "H26.VD3": "Sở Ngoại vụ", "H26.VD4": "Sở Tư pháp",
         "H26.VD5": "Thanh tra", "H26.VD6": "Trung tâm Xúc tiến"}

EVENTS = {
    "dai-hoi-xvii": {"day": "2020-10-11", "name": {"vi": "Đại hội Đảng bộ thành phố lần thứ XVII", "en": "The city's 17th Party congress"},
                     "sort": "event", "source": "Bối cảnh của năm trong bài báo 07/03/2020; ngày là của gói ví dụ"},
    "thang-long-1010": {"day": "2020-10-09", "name": {"vi": "1010 năm Thăng Long – Hà Nội", "en": "1010 years of Thăng Long – Hà Nội"},
                        "sort": "event", "source": "Gói ví dụ"},
    "so-ket": {"day": "2020-07-16", "name": {"vi": "Hội nghị sơ kết của Cụm", "en": "The cluster's mid-year review"}, "sort": "meeting",
               "source": "Gói ví dụ"},
    "gui-bao-cao-nam": {"day": "2021-01-08", "name": {"vi": "Hạn gửi báo cáo năm", "en": "Reports of the year are due"}, "sort": "deadline",
                        "source": "Gói ví dụ"},
}

PLANS = {
    "VD-KH-01": ("Ba việc chính: rà soát quy chế làm việc, đối thoại hai lần, trả lời kiến nghị trong ngày.", "Đủ ba việc; một câu hỏi của người dân còn chờ trả lời."),
    "VD-KH-02": ("Kiểm tra hồ sơ trước khi nộp ở mọi quầy; số hóa hồ sơ công chức; hai cuộc đối thoại.", "Hoàn thành; tỷ lệ đúng hạn thấp hơn mức đã ký, nêu rõ trong báo cáo năm."),
    "VD-KH-03": ("Hẹn giờ nộp hồ sơ qua mạng; hỗ trợ công dân về nước; học ngoại ngữ hằng ngày.", "Hoàn thành; sáng kiến áp dụng trong năm, công nhận sang tháng 01/2021."),
    "VD-KH-04": ("Tra cứu tiến độ hồ sơ giấy; ba cuộc đối thoại; mỗi tháng một ngày không hẹn lại.", "Hoàn thành; thẩm định đúng hạn 57 trên 60 văn bản."),
    "VD-KH-05": ("Kết luận 12 cuộc thanh tra theo kế hoạch; số hóa hồ sơ cũ; lịch tiếp công dân chung.", ""),
    "VD-KH-06": ("Hai hội nghị xúc tiến trực tuyến; gọi lại cho mọi doanh nghiệp hỏi; góc thông tin nhà đầu tư.", "Hoàn thành cả ba việc."),
    "VD-KH-07": ("Đợt thi đua 100 ngày, chào mừng Đại hội: số hóa 5.000 hồ sơ công chức.", "Số hóa 5.120 hồ sơ, xong trước hạn hai ngày."),
}

TASKS = {
    "VD-NVU-01": ("Phòng Hành chính - Tổ chức", ""), "VD-NVU-02": ("Phòng Công chức, viên chức", ""),
    "VD-NVU-03": ("Phòng Lãnh sự", ""), "VD-NVU-04": ("Phòng Xây dựng và kiểm tra văn bản", ""),
    "VD-NVU-05": ("Các phòng nghiệp vụ", ""), "VD-NVU-06": ("Phòng Xúc tiến đầu tư", ""),
}

ACHIEVED = {
    "VD-TT-01": "3.120 trang tài liệu về Thủ đô từ 1954 đã được số hóa và tra cứu được tại phòng đọc.",
    "VD-TT-02": "Góc thông tin có máy tra cứu, bản đồ thủ tục và người trực; gắn biển công trình chào mừng Đại hội.",
}

MOVEMENTS = {
    "VD-PT-01": ("Toàn thể công chức, người lao động", "Thời gian chờ trung bình giảm từ 22 xuống 17 phút.", "Thời gian chờ trung bình còn 14 phút; hai quầy còn quá 15 phút vào thứ Hai.",
                 "Nên chia lại lịch trực thứ Hai. Thôi đo bằng phiếu hỏi, đo bằng máy lấy số."),
    "VD-PT-02": ("Công chức tiếp dân của Sở", "", "Ba phản ánh về thái độ, đã xin lỗi cả ba; năm trước cùng kỳ có tám.", "Tập huấn theo tình huống có ích hơn treo khẩu hiệu."),
    "VD-PT-03": ("Toàn thể công chức", "75 người học đều, 31 người bỏ dở.", "", ""),
    "VD-PT-04": ("Bộ phận một cửa và các phòng chuyên môn", "Hai trong ba tháng đầu không có hồ sơ nào phải hẹn lại vào ngày đã chọn.",
                 "Sáu ngày thực hiện, năm ngày không hẹn lại hồ sơ nào.", "Ngày chọn phải tránh ngày chốt số liệu tháng."),
    "VD-PT-05": ("Phòng xúc tiến, tổng đài", "", "Gọi lại 412 trên 415 doanh nghiệp trong ngày làm việc kế tiếp.", "Ba cuộc sót do ghi sai số điện thoại: đọc lại số khi ghi."),
}

# Topic, conclusions, questions with answers; "… X": X is to answer.
DIALOGUES = {
    "VD-DT-01": ("Nộp hồ sơ qua mạng tại Văn phòng UBND thành phố", "Trả lời cả bốn câu. Giao Phòng Kiểm soát thủ tục đăng hướng dẫn nộp bằng điện thoại.", [
        ("Tôi nộp qua mạng nhưng vẫn phải mang bản giấy lên, vì sao?", "Hai thủ tục còn yêu cầu đối chiếu bản chính một lần khi nhận kết quả; danh sách đã đăng ở bộ phận một cửa."),
        ("Có nộp được bằng điện thoại không?", "Được. Hướng dẫn bằng hình đã đăng trên Cổng thông tin từ 20/07."),
        ("Phiếu hẹn ghi ngày nhưng không ghi giờ, tôi đến sớm phải chờ.", "Từ tháng 8, phiếu hẹn ghi cả buổi sáng hoặc chiều."),
        ("Hồ sơ trễ thì có thư xin lỗi không?", "Có; mẫu thư xin lỗi gửi kèm ngày hẹn mới, và hồ sơ vẫn tính là trễ so với ngày hẹn đầu."),
    ]),
    "VD-DT-02": ("Trả kết quả tại nhà trong mùa dịch", "Ba câu đã trả lời; một câu giao Phòng Hành chính làm việc với bưu điện.", [
        ("Trả kết quả qua bưu điện mất phí bao nhiêu?", "Theo bảng giá của bưu điện, niêm yết tại quầy; hộ nghèo được miễn."),
        ("Nhận thay người thân cần giấy gì?", "Giấy hẹn và căn cước của người nhận; không cần ủy quyền công chứng với kết quả trả tại quầy."),
        ("Sao không nhắn tin khi có kết quả?", "Đã nhắn tin cho hồ sơ nộp qua mạng; hồ sơ giấy nhắn từ 01/12."),
        ("Bưu điện giao hai lần không gặp thì hồ sơ nằm ở đâu?", "… Phòng Hành chính - Tổ chức"),
    ]),
    "VD-DT-03": ("Tuyển dụng, nâng ngạch: thủ tục và thời hạn", "Bốn câu đã trả lời; câu về liên thông bằng cấp giao Phòng Công chức trả lời bằng văn bản.", [
        ("Kết quả xét tuyển đăng ở đâu?", "Cổng thông tin của Sở và bảng tin tại trụ sở, cùng một ngày."),
        ("Hồ sơ thiếu một giấy có bị loại ngay không?", "Không. Cán bộ kiểm tra hồ sơ trước khi nộp, thiếu gì ghi phiếu ngay tại quầy."),
        ("Sao thời hạn nâng ngạch dài đến 25 ngày?", "Vì phải lấy ý kiến cơ quan sử dụng; Sở đề nghị rút còn 20 ngày trong năm tới."),
        ("Tôi ở xa, nộp qua bưu điện được không?", "Được; ngày tiếp nhận là ngày Sở ký nhận bưu gửi."),
        ("Bằng cấp nước ngoài đã công nhận nơi khác có phải công nhận lại không?", "… Phòng Công chức, viên chức"),
    ]),
    "VD-DT-04": ("Hồ sơ người có công và chính sách tôn giáo", "Trả lời hết; đăng bộ câu hỏi thường gặp.", [
        ("Hồ sơ của cha tôi nộp từ năm ngoái nay ở bước nào?", "Đã tra: đang chờ bổ sung giấy xác nhận; cán bộ gọi hướng dẫn ngay trong ngày."),
        ("Có thể tra cứu bằng số điện thoại không?", "Tra bằng mã hồ sơ để giữ kín thông tin cá nhân."),
        ("Sinh hoạt tập trung xin phép trước bao nhiêu ngày?", "Theo thời hạn niêm yết của thủ tục; nộp qua mạng mức độ 3."),
        ("Mẫu đơn đổi mà bản in ở phường chưa đổi.", "Đã gửi mẫu mới cho các phường trong tuần."),
    ]),
    "VD-DT-05": ("Chứng nhận lãnh sự qua mạng", "Trả lời hết trong buổi trực tuyến.", [
        ("Hẹn giờ nộp qua mạng khi nào có?", "Từ 02/11/2020."),
        ("Bản dịch công chứng ở tỉnh khác có nhận không?", "Có, nếu bản dịch gắn liền bản gốc theo quy định."),
        ("Nộp cho cả gia đình một lần được không?", "Được, mỗi người một tờ khai, chung một lần hẹn."),
    ]),
    "VD-DT-06": ("Đón tiếp công dân về nước", "Trả lời hết.", [
        ("Giấy xác nhận cách ly lấy ở đâu?", "Tại nơi cách ly; Sở không cấp giấy này."),
        ("Có đường dây nóng ngoài giờ không?", "Có, trực 24 giờ đến hết năm."),
    ]),
    "VD-DT-07": ("Hộ tịch: trích lục, cải chính", "Bốn câu đã trả lời; câu về dữ liệu cũ giao Phòng Hành chính tư pháp.", [
        ("Trích lục khai sinh lấy ngay trong ngày được không?", "Được nếu sổ đã số hóa; chưa số hóa thì trong ba ngày làm việc."),
        ("Ngày hẹn của tôi bị dời hai lần.", "Xin lỗi; hồ sơ này tính là trễ theo ngày hẹn đầu, và đã có kết quả ngày 11/06."),
        ("Cải chính tên đệm cần giấy gì?", "Tờ khai và giấy tờ có tên đúng; danh sách niêm yết tại quầy."),
        ("Nộp ở phường hay ở Sở?", "Ở phường nơi đăng ký; Sở nhận việc có yếu tố nước ngoài."),
        ("Sổ trước 1975 bị mất thì làm thế nào?", "… Phòng Hành chính tư pháp"),
    ]),
    "VD-DT-08": ("Phiếu lý lịch tư pháp", "Trả lời hết; thêm một quầy vào đầu tháng.", [
        ("Đầu tháng phải chờ hơn một giờ.", "Mở thêm một quầy từ ngày 01 đến ngày 05 mỗi tháng."),
        ("Tra cứu tiến độ hồ sơ giấy ở đâu?", "Tra bằng mã trên giấy hẹn, tại trang của Sở, từ tháng 4."),
        ("Có nhận qua bưu điện không?", "Có, cả nộp và trả."),
        ("Trễ hẹn có được báo trước không?", "Có thư xin lỗi và ngày hẹn mới; sáu trường hợp trong quý."),
    ]),
    "VD-DT-09": ("Công chứng, chứng thực: phí và thời hạn", "Trả lời hết.", [
        ("Phí chứng thực ở các nơi có khác nhau không?", "Không, theo một biểu; niêm yết tại quầy."),
        ("Sao y hai mươi trang có phải hẹn lại không?", "Làm ngay trong buổi; quá 50 trang hẹn sang buổi sau."),
        ("Có làm chiều thứ Bảy không?", "Tổ tiếp dân làm sáng thứ Bảy, chiều nghỉ."),
        ("Bản chứng thực điện tử có dùng được ở ngân hàng không?", "Có giá trị như bản giấy; nếu bị từ chối xin báo cho Sở."),
    ]),
    "VD-DT-10": ("Tiếp công dân và giải quyết đơn", "Trả lời hết.", [
        ("Đơn gửi hai nơi thì nơi nào trả lời?", "Cơ quan có thẩm quyền trả lời, nơi kia chuyển đơn và báo cho người gửi."),
        ("Lịch tiếp dân của lãnh đạo xem ở đâu?", "Niêm yết hằng tháng; đang lập lịch chung của các cơ quan."),
        ("Bao lâu có kết luận?", "Theo thời hạn của loại đơn, ghi trong giấy biên nhận."),
    ]),
    "VD-DT-11": ("Công khai kết luận thanh tra", "", [
        ("Kết luận công khai ở đâu?", "Tại cơ quan được thanh tra và trên trang của Thanh tra."),
        ("Phần nào không được công khai?", "Phần thuộc bí mật nhà nước, có nêu căn cứ."),
    ]),
    "VD-DT-12": ("Làm việc với tổ dân phố về an ninh trụ sở", "Không phải đối thoại về thủ tục; ghi nhận hai việc.", [
        ("Xe đỗ kín lối vào giờ tiếp dân.", "Đã kẻ lại chỗ đỗ, bảo vệ hướng dẫn."),
        ("Cổng phụ nên mở giờ nào?", "Mở từ 07:30 đến 17:00."),
    ]),
}

EXCHANGES = {
    "VD-GL-01": ("Hội trường Sở Nội vụ (ví dụ)", "Ba tham luận ngắn, xem một cửa điện tử tại quầy, hỏi đáp.", "Ba đơn vị dự. Hai việc học được: kiểm tra hồ sơ trước khi nộp, nhắn tin khi có kết quả."),
    "VD-GL-03": ("Sân vận động ví dụ", "Cầu lông, bóng bàn, kéo co.", "Hai đơn vị, 35 người. Trung tâm Xúc tiến nhất cầu lông, Thanh tra nhất kéo co."),
}

JOINED = {
    "VD-GL-01-VD1": ("Cử sáu người của bộ phận một cửa.", "", ""),
    "VD-GL-01-VD4": ("Cử tám người.", "", ""),
    "VD-GL-03-VD5": ("Mười lăm người.", "", ""),
    "VD-GL-02-VD3": ("Áp dụng cho chứng nhận lãnh sự.", "Sau một tháng, số người phải chờ quá 15 phút giảm từ 61 xuống 18 lượt một tuần.", "2020-12-15"),
    "VD-GL-02-VD2": ("Áp dụng ở quầy nâng ngạch, tuyển dụng.", "", ""),
}

MODEL = ("Phiếu hẹn điện tử ghi ngày, buổi và vị trí quầy; người dân đổi giờ hẹn được một lần qua điện thoại.",
         "Từ tháng 5 đến tháng 9, lượt chờ quá 15 phút giảm từ 140 xuống 52 một tuần; đếm bằng máy lấy số.",
         "Một biểu mẫu trên máy lấy số sẵn có, hai giờ tập huấn, không mua thêm phần mềm. Mẫu phiếu và kịch bản đặt ở bộ phận một cửa.",
         "2020-05-18")

INITIATIVES = {
    "VD-SK-01": ("Kiến nghị về thủ tục gửi trước 15 giờ được trả lời trong ngày bởi người trực có tên.", "Trả lời trong ngày 9 trên 10 kiến nghị."),
    "VD-SK-02": ("Phiếu hẹn ghi ngày, buổi và quầy; đổi được một lần.", "Lượt chờ quá 15 phút giảm hơn một nửa."),
    "VD-SK-03": ("Một người kiểm tra hồ sơ trước khi lấy số, ghi phiếu thiếu gì.", "Hồ sơ phải bổ sung giảm từ 18 xuống 7 trên 100."),
    "VD-SK-04": ("Tờ khai điền sẵn phần Sở đã có; người dân chỉ ký xác nhận.", "Thời gian kê khai giảm từ 20 xuống 6 phút."),
    "VD-SK-05": ("Sổ tay một trang cho mỗi thủ tục, đặt tại quầy.", "Người mới nhận quầy sau ba ngày thay vì hai tuần."),
    "VD-SK-06": ("Chọn giờ nộp hồ sơ trên mạng, đến đúng giờ không phải lấy số.", "Áp dụng hai tháng: 640 lượt hẹn, 31 lượt trễ giờ."),
    "VD-SK-07": ("Tra tiến độ hồ sơ giấy bằng mã trên giấy hẹn.", "Cuộc gọi hỏi tiến độ giảm từ 90 xuống 35 một tuần."),
    "VD-SK-08": ("Quét và lập chỉ mục hồ sơ thanh tra trước 2010.", "Tìm một hồ sơ cũ mất 5 phút thay vì nửa ngày."),
    "VD-SK-09": ("Một lịch tiếp công dân chung của các cơ quan, cập nhật mỗi thứ Sáu.", ""),
    "VD-SK-10": ("Một trăm câu hỏi thường gặp của nhà đầu tư, trả lời sẵn hai thứ tiếng.", "Thời gian trả lời lần đầu giảm từ 2 ngày xuống trong ngày."),
}

AUTHORS = {code: name for code, name in zip(INITIATIVES, [
    "Nguyễn Thị Ví Dụ Một", "Trần Văn Ví Dụ Hai", "Lê Thị Ví Dụ Ba", "Phạm Văn Ví Dụ Bốn", "Hoàng Thị Ví Dụ Năm", "Vũ Văn Ví Dụ Sáu",
    "Đặng Thị Ví Dụ Bảy", "Bùi Văn Ví Dụ Tám", "Đỗ Thị Ví Dụ Chín", "Ngô Văn Ví Dụ Mười"])}

# Headline, name, story, where it came from, consent: yes, no (nobody was asked), withdrawn.
EXEMPLARS = {
    "VD-NT-01": ("Ở lại sau giờ giúp bà cụ nộp hồ sơ", "Mai Thị Giả Định", "Chị Mai ở lại sau giờ làm, đi bộ cùng một bà cụ 81 tuổi về lấy giấy tờ còn thiếu rồi hoàn thành hồ sơ ngay buổi tối. (Câu chuyện giả định.)", "letter", "yes"),
    "VD-NT-02": ("Tổ trực ban phòng dịch suốt 40 đêm", "Tổ trực ban Phòng Giả Định", "Tổ năm người thay nhau trực 40 đêm, tiếp hơn một nghìn cuộc gọi. (Câu chuyện giả định.)", "staff", "yes"),
    "VD-NT-03": ("Trả lại ví có 12 triệu đồng", "Lý Văn Giả Định", "Anh Lý nhặt được ví ở sảnh, tìm chủ qua giấy hẹn trong ví và trả lại trong buổi sáng. (Câu chuyện giả định.)", "staff", "yes"),
    "VD-NT-04": ("Mười hai lần hiến máu", "Tạ Thị Giả Định", "Chị Tạ hiến máu lần thứ mười hai đúng tuần thiếu máu của tháng Tư. (Câu chuyện giả định.)", "staff", "withdrawn"),
    "VD-NT-05": ("Nhận phần việc của đồng nghiệp nằm viện", "Hồ Văn Giả Định", "Anh Hồ làm thêm phần việc của đồng nghiệp nằm viện suốt sáu tuần, không hồ sơ nào trễ. (Câu chuyện giả định.)", "staff", "no"),
    "VD-NT-06": ("Phòng không giấy tờ", "Phòng Văn thư Giả Định", "Cả phòng chuyển sang ký số, ba tháng không in một tờ trình nào. (Câu chuyện giả định.)", "staff", "yes"),
    "VD-NT-07": ("Nối máy cho người kẹt ở sân bay", "Kiều Thị Giả Định", "Chị Kiều thức ba đêm liên lạc giúp một nhóm công dân kẹt ở sân bay quá cảnh. (Câu chuyện giả định.)", "press", "yes"),
    "VD-NT-08": ("Trợ giúp pháp lý sau giờ làm", "Cao Văn Giả Định", "Anh Cao tư vấn miễn phí mỗi tối thứ Ba ở khu nhà trọ công nhân. (Câu chuyện giả định.)", "letter", "yes"),
    "VD-NT-09": ("Trả hồ sơ tận nhà mùa dịch", "Thái Thị Giả Định", "Chị Thái tự đi xe máy trả 63 bộ hồ sơ trong hai tuần giãn cách. (Câu chuyện giả định.)", "letter", "yes"),
    "VD-NT-10": ("Tổ tiếp dân sáng thứ Bảy", "Tổ tiếp dân Giả Định", "Tổ bốn người tiếp dân sáng thứ Bảy suốt bảy tháng. (Câu chuyện giả định.)", "press", "yes"),
    "VD-NT-11": ("Từ chối quà biếu và báo cáo ngay", "Châu Văn Giả Định", "Anh Châu trả lại phong bì trước mặt nhóm công tác và lập biên bản. (Câu chuyện giả định.)", "staff", "no"),
}

REVIEW = {
    "name": "Hội nghị sơ kết 6 tháng đầu năm 2020", "place": "Hội trường Sở Nội vụ (ví dụ)", "chair": "Trưởng Cụm thi đua số VI (tên giả định)",
    "agenda": "Số liệu sáu tháng đã công bố\nBáo cáo ngắn của sáu đơn vị\nViệc phải làm, người làm, ngày xong",
    "present": "Lãnh đạo và cán bộ đầu mối của năm đơn vị; Trung tâm Xúc tiến gửi báo cáo. Ban Thi đua - Khen thưởng thành phố dự (giả định).",
    "conclusions": "Số liệu theo kỳ công bố “Sáu tháng đầu năm 2020”; không sửa số tại hội nghị.\nHồ sơ đúng hạn: hai đơn vị dưới 95 %, đã nêu lý do và việc phải làm.\nĐối thoại: bốn đơn vị dời sang nửa cuối năm vì dịch; mỗi đơn vị đăng lịch trước 31/07.",
}

# Per unit: what it says to clauses 1 to 5; its own verdicts with a word; what was hard; what it proposes.
REPORTS = {
    "H26.VD1": (["Hoàn thành 9 trên 9 việc đến hạn.", "Rà soát quy chế làm việc xong trước hạn.", "Phát động “Nụ cười công sở”, sơ kết ngày 10/07.", "Một gương được biểu dương, một tập thể đã đề nghị.", "Số hóa tài liệu về Thủ đô, xong trước 10/10."],
                {"on-time": ("met", ""), "dialogue": ("not-met", "Cuộc thứ nhất dời từ tháng 4 sang 15/07 vì giãn cách."), "online": ("met", "")},
                "Giãn cách tháng 4 làm dồn hồ sơ vào tháng 5.", "Cho ghi rõ trên trang: dời vì dịch."),
    "H26.VD2": (["Hoàn thành các việc được giao.", "Kiểm tra hồ sơ trước khi nộp ở mọi quầy.", "Chuẩn bị đợt thi đua chào mừng Đại hội.", "Ba gương đã đề nghị, một đã biểu dương.", "Đăng ký số hóa 5.000 hồ sơ công chức."],
                {"on-time": ("not-met", "44 hồ sơ trễ, phần lớn nhận trong thời gian giãn cách; không xin tính lại."), "online": ("not-met", "Còn 10 thủ tục chưa lên mức độ 3; lên thêm 4 trong quý III.")},
                "Lấy ý kiến cơ quan sử dụng công chức mất nhiều ngày.", "Rút thời hạn nâng ngạch còn 20 ngày."),
    "H26.VD3": (["Đón 3 đợt công dân về nước.", "Chuẩn bị hẹn giờ nộp qua mạng.", "“Học ngoại ngữ mỗi ngày”: 75 người.", "Một gương đã đề nghị.", "Chưa đăng ký công trình."],
                {"on-time": ("not-met", "15 hồ sơ trễ vì phải xác minh ở nước ngoài."), "positions": ("no-cases", "Sở Nội vụ chưa có dữ liệu vị trí việc làm của Sở; đã gửi ngày 30/06.")},
                "Xác minh ở nước ngoài phụ thuộc chuyến bay.", "Tách thời gian chờ xác minh thành tạm dừng có giấy."),
    "H26.VD4": (["Hoàn thành các việc đến hạn.", "Tra cứu tiến độ hồ sơ giấy từ tháng 4.", "“Ngày không hẹn lại”, sơ kết 20/07.", "Ba gương đã đề nghị, một đã biểu dương.", "Không đăng ký."],
                {"one-stop": ("not-met", "Hai thủ tục còn nhận tại phòng chuyên môn; chuyển về một cửa trước 01/10."), "dialogue": ("met", "")},
                "Hồ sơ chưa vào phần mềm, số liệu lấy từ báo cáo đã ký.", "Hỗ trợ nối phần mềm hộ tịch."),
    "H26.VD5": (["Kết luận 5 trên 12 cuộc.", "Số hóa hồ sơ cũ xong.", "Không phát động riêng.", "Chưa có gương nào.", "Không đăng ký."],
                {"dialogue": ("not-met", "Lịch đối thoại tháng 9 và tháng 12."), "good-deeds": ("not-met", "Đang tìm, không đề nghị cho đủ.")},
                "Ba cuộc thanh tra phải dừng vì dịch.", ""),
    "H26.VD6": (["Một hội nghị trực tuyến, 210 doanh nghiệp.", "Danh mục câu hỏi của nhà đầu tư.", "“Đồng hành cùng doanh nghiệp” từ tháng 5.", "Chưa có gương.", "Góc thông tin nhà đầu tư, xong trước Đại hội."],
                {"positions": ("not-met", "Một người ngoài đề án, hết hợp đồng tháng 9.")},
                "Không họp trực tiếp được với nhà đầu tư.", ""),
}

POINTS = [
    ("Đăng lịch đối thoại nửa cuối năm", "H26.VD1", "2020-07-31", "2020-07-29", "Đã đăng trên Cổng thông tin."),
    ("Đưa thêm bốn thủ tục lên mức độ 3", "H26.VD2", "2020-09-30", "2020-09-28", "Đã công bố bốn thủ tục."),
    ("Gửi dữ liệu vị trí việc làm cho Sở Nội vụ", "H26.VD3", "2020-08-15", "", ""),
    ("Chuyển hai thủ tục về bộ phận một cửa", "H26.VD4", "2020-10-01", "", ""),
    ("Đăng lịch đối thoại tháng 9 và tháng 12", "H26.VD5", "2020-07-31", "2020-07-30", "Đã đăng."),
]

# Unit, day, place, stance, what it says, wording, version read, answer (taken, reply, day).
OPINIONS = [
    ("H26.VD2", "2020-02-07", "clause:2.2", "object", "Mức 90 % thấp hơn mức Chương trình cải cách hành chính của thành phố; người dân sẽ hỏi vì sao hạ.",
     "Tối thiểu 95% số hồ sơ liên quan đến thủ tục hành chính (TTHC) được giải quyết đúng hạn và trước hạn.", 1, (True, "Tiếp thu, nâng lên 95 %.", "2020-02-20")),
    ("H26.VD2", "2020-02-21", "clause:2.2", "agree", "", "", 2, None),
    ("H26.VD1", "2020-02-10", "all", "agree", "", "", 1, None),
    ("H26.VD3", "2020-02-11", "target:on-time", "remark", "Hồ sơ chờ xác minh ở nước ngoài nên tách riêng.", "", 1, (False, "Đã có cách tính đối chiếu theo giờ làm việc trừ tạm dừng; chỉ tiêu giữ nguyên.", "2020-02-20")),
    ("H26.VD4", "2020-02-12", "all", "agree", "", "", 1, None),
    ("H26.VD6", "2020-02-17", "clause:2.6", "remark", "Trung tâm không có thủ tục, xin được miễn.", "", 1, (True, "Ghi miễn bốn chỉ tiêu cho Trung tâm, có lý do.", "2020-02-20")),
]

REGISTERED = {unit: [["ldtt", people], ["cstd-cs", few], ["ttldxs", 1], ["giay-khen", 5]] for unit, people, few in [
    ("H26.VD1", 44, 6), ("H26.VD2", 50, 7), ("H26.VD3", 30, 4), ("H26.VD4", 55, 8), ("H26.VD5", 38, 5), ("H26.VD6", 33, 4)]}

SIGNED = {
    "H26.VD1": ("Chánh Văn phòng (tên giả định)", "head", "2020-03-07"),
    "H26.VD2": ("Giám đốc Sở Nội vụ (tên giả định)", "head", "2020-03-07"),
    "H26.VD3": ("Phó Giám đốc Sở Ngoại vụ (tên giả định)", "deputy", "2020-03-07"),
    "H26.VD4": ("Giám đốc Sở Tư pháp (tên giả định)", "head", "2020-03-07"),
    "H26.VD5": ("Chánh Thanh tra (tên giả định)", "head", "2020-03-16"),
    "H26.VD6": ("Trưởng phòng Tổng hợp (tên giả định)", "delegate", "2020-03-07"),
}

CEREMONY = {"day": "2020-03-07", "place": "Hội trường Ban Dân tộc (ví dụ)", "board": "Đại diện Ban Thi đua - Khen thưởng thành phố (tên giả định)"}
